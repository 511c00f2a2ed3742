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
 * @param options how it is compiled, its package among them
 */
record ModelUnit(Path file, ModelSource source, ModelOutline outline, CompileOptions options) {
  String name() {
    return outline.name();
  }
}
