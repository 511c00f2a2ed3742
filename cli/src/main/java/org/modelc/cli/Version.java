package org.modelc.cli;

import org.modelc.compiler.Compiler;
import picocli.CommandLine;

/** The version, as {@code --version} shows it. */
final class Version implements CommandLine.IVersionProvider {
  static String text() {
    return Compiler.version();
  }

  @Override
  public String[] getVersion() {
    return new String[] {"modelc " + text()};
  }
}
