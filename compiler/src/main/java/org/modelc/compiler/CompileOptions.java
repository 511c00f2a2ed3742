package org.modelc.compiler;

import java.nio.file.Path;

/**
 * How to compile. Make one with {@link #defaults()} and the {@code with…} methods.
 *
 * @param packageName the Java package of the typed class; empty for the unnamed package
 * @param model the model to compile, where a file has several; null for the one that is trained,
 *     else the first
 * @param weights a safetensors file with parameters and what was learned from data; null to learn
 *     that from the file's own data
 */
public record CompileOptions(String packageName, String model, Path weights) {
  /** Where typed classes go unless told otherwise. */
  public static final String PACKAGE = "models";

  /** Package {@value #PACKAGE}, the trained model, the file's own data. */
  public static CompileOptions defaults() {
    return new CompileOptions(PACKAGE, null, null);
  }

  public CompileOptions withPackage(String name) {
    return new CompileOptions(name, model, weights);
  }

  public CompileOptions withModel(String name) {
    return new CompileOptions(packageName, name, weights);
  }

  public CompileOptions withWeights(Path file) {
    return new CompileOptions(packageName, model, file);
  }
}
