package org.modelc.compiler;

import java.nio.file.Path;
import java.util.List;

/**
 * How to compile. Make one with {@link #defaults()} and the {@code with…} methods.
 *
 * @param packageName the Java package of the typed class; empty for the unnamed package
 * @param model the model to compile, where a file has several; null for the one that is trained,
 *     else the first
 * @param weights a safetensors file with parameters and what was learned from data; null to learn
 *     that from the file's own data
 * @param backend what runs the programs
 * @param platforms whose native code a jar carries, such as {@code linux-x86_64}; empty for this
 *     machine's
 */
public record CompileOptions(
    String packageName, String model, Path weights, Backend backend, List<String> platforms) {
  /** Where typed classes go unless told otherwise. */
  public static final String PACKAGE = "models";

  public CompileOptions {
    platforms = List.copyOf(platforms);
  }

  /**
   * Package {@value #PACKAGE}, the trained model, the file's own data, native code where LLVM is on
   * the class path.
   */
  public static CompileOptions defaults() {
    return new CompileOptions(PACKAGE, null, null, Backend.preferred(), List.of());
  }

  public CompileOptions withPackage(String name) {
    return new CompileOptions(name, model, weights, backend, platforms);
  }

  public CompileOptions withModel(String name) {
    return new CompileOptions(packageName, name, weights, backend, platforms);
  }

  public CompileOptions withWeights(Path file) {
    return new CompileOptions(packageName, model, file, backend, platforms);
  }

  public CompileOptions withBackend(Backend chosen) {
    return new CompileOptions(packageName, model, weights, chosen, platforms);
  }

  public CompileOptions withPlatforms(List<String> names) {
    return new CompileOptions(packageName, model, weights, backend, names);
  }
}
