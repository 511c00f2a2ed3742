package org.modelc.maven;

import java.nio.file.Path;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.ModelOutline;
import org.modelc.compiler.ModelSource;

/**
 * One model of a project.
 *
 * @param file its model file
 * @param source the file's text
 * @param outline what the file says of it
 * @param packageName the Java package of its class
 */
record ModelUnit(Path file, ModelSource source, ModelOutline outline, String packageName) {
  String name() {
    return outline.name();
  }

  /** The typed class's binary name. */
  String className() {
    return packageName.isEmpty() ? name() : packageName + "." + name();
  }

  CompileOptions options() {
    return CompileOptions.defaults().withPackage(packageName).withModel(name());
  }
}
