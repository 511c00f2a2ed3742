package org.modelc.compiler;

import java.nio.file.Path;
import java.util.List;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.compiler.schedule.ScheduleFile;
import org.modelc.runtime.ModelcException;

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
 * @param gpus whose machine code a jar for {@link Backend#CUDA} carries beside PTX, such as {@code
 *     sm_86}; {@code none} for PTX alone, empty or {@code all} for all that modelc knows
 * @param schedules of native kernels, in place of what the cost model chooses
 */
public record CompileOptions(
    String packageName,
    String model,
    Path weights,
    Backend backend,
    List<String> platforms,
    List<String> gpus,
    ScheduleFile schedules) {
  /** Where typed classes go unless told otherwise. */
  public static final String PACKAGE = "models";

  public CompileOptions {
    platforms = List.copyOf(platforms);
    gpus = List.copyOf(gpus);
  }

  /**
   * Package {@value #PACKAGE}, the trained model, the file's own data, native code where LLVM is on
   * the class path.
   */
  public static CompileOptions defaults() {
    return new CompileOptions(
        PACKAGE, null, null, Backend.preferred(), List.of(), List.of(), ScheduleFile.NONE);
  }

  /**
   * The architectures that {@link #gpus} name.
   *
   * @throws ModelcException if there is none of a name
   */
  List<Integer> architectures() {
    try {
      return TargetDescription.architectures(gpus);
    } catch (IllegalArgumentException unknown) {
      throw new ModelcException(
          unknown.getMessage(),
          "give names separated by commas, all or none; PTX of sm_75 runs on all of them",
          unknown);
    }
  }

  public CompileOptions withPackage(String name) {
    return new CompileOptions(name, model, weights, backend, platforms, gpus, schedules);
  }

  public CompileOptions withModel(String name) {
    return new CompileOptions(packageName, name, weights, backend, platforms, gpus, schedules);
  }

  public CompileOptions withWeights(Path file) {
    return new CompileOptions(packageName, model, file, backend, platforms, gpus, schedules);
  }

  public CompileOptions withBackend(Backend chosen) {
    return new CompileOptions(packageName, model, weights, chosen, platforms, gpus, schedules);
  }

  public CompileOptions withPlatforms(List<String> names) {
    return new CompileOptions(packageName, model, weights, backend, names, gpus, schedules);
  }

  public CompileOptions withGpus(List<String> names) {
    return new CompileOptions(packageName, model, weights, backend, platforms, names, schedules);
  }

  public CompileOptions withSchedules(ScheduleFile file) {
    return new CompileOptions(packageName, model, weights, backend, platforms, gpus, file);
  }
}
