package org.modelc.compiler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.Diagnostic;

/** The driver, and the public way to use the compiler from a program. */
public final class Compiler {
  private static final String VERSION = readVersion();

  private Compiler() {}

  /** The compiler's version, such as {@code 0.1.0}. */
  public static String version() {
    return VERSION;
  }

  /**
   * Parses and type-checks a file; reads no data.
   *
   * @return errors and warnings by place; empty if all is well
   */
  public static List<Diagnostic> check(ModelSource source) {
    return SourceParser.parse(source.text()).diagnostics();
  }

  private static String readVersion() {
    Properties properties = new Properties();
    try (InputStream in = Compiler.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return properties.getProperty("version");
  }
}
