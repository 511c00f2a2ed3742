package org.modelc.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainedModel;
import org.modelc.compiler.schedule.ScheduleFile;
import org.modelc.runtime.ModelcException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command writes a jar, and what goes into it. */
final class OutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "JAR",
      description = "The jar to write (default: build/<Model>.jar).")
  Path jar;

  @Option(
      names = "--package",
      paramLabel = "NAME",
      description =
          "The Java package of the model's class (default: " + CompileOptions.PACKAGE + ").")
  String packageName = CompileOptions.PACKAGE;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Which model, if the file has several.")
  String model;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "What runs the model: ${COMPLETION-CANDIDATES} (default: native where LLVM is on the class"
              + " path). Every jar has the bytecode besides; one for cuda runs it where there is no GPU.")
  Backend backend = CompileOptions.defaults().backend();

  @Option(
      names = "--gpu",
      paramLabel = "NAME,…",
      split = ",",
      description =
          "With --backend cuda, GPUs whose machine code the jar carries: sm_75, sm_80, sm_86, sm_89,"
              + " sm_90, sm_100, sm_120, all (the default) or none. Others run its PTX, which their"
              + " driver compiles when the model loads.")
  List<String> gpus = List.of();

  @Option(
      names = "--schedules",
      paramLabel = "FILE",
      description =
          "Schedules of native kernels, as `modelc build --tune` writes them; the same file gives the"
              + " same jar on any machine. Kernels that it does not name run as the cost model says.")
  Path schedules;

  @Option(
      names = "--no-runtime",
      description =
          "Leave the runtime's classes out of the jar; modelc-runtime must then be beside it.")
  boolean withoutRuntime;

  /**
   * Finds out before any work whether the result can be written.
   *
   * @throws ModelcException if not
   */
  void requireWritable() {
    if (jar != null && Files.isDirectory(jar)) {
      throw new ModelcException(
          jar + " is a folder", "name the jar: -o " + jar.resolve("Model.jar"));
    }
    Path folder = folder().toAbsolutePath();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new ModelcException(
          "cannot write to " + folder().toAbsolutePath(),
          folder
              + " is "
              + (folder != null && Files.isDirectory(folder) ? "not writable" : "no folder"));
    }
  }

  private Path folder() {
    Path parent = jar == null ? Path.of("build") : jar.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  /** Wrong usage, if GPUs or schedules are named for code that has none. */
  void checkUsage() {
    if (!gpus.isEmpty() && backend != Backend.CUDA) {
      throw new ParameterException(
          command.commandLine(),
          "--gpu names GPUs, and --backend "
              + backend
              + " makes no code for them: leave it out, or"
              + " add --backend cuda");
    }
    if (schedules != null && backend != Backend.NATIVE) {
      throw new ParameterException(
          command.commandLine(),
          "--schedules is for native code: leave it out, or add --backend native");
    }
  }

  CompileOptions compileOptions() {
    checkUsage();
    return CompileOptions.defaults()
        .withSchedules(schedules == null ? ScheduleFile.NONE : ScheduleFile.read(schedules))
        .withPackage(packageName)
        .withModel(model)
        .withBackend(backend)
        .withGpus(gpus);
  }

  boolean bundlesRuntime() {
    return !withoutRuntime;
  }

  Path jar(TrainedModel trained) {
    return jar(trained.name());
  }

  Path jar(String modelName) {
    return jar != null ? jar : folder().resolve(modelName + ".jar");
  }

  Path report(TrainedModel trained) {
    return folder().resolve(trained.name() + "-report.html");
  }

  /** Named after the model file, since the checkpoint is wanted before the file is parsed. */
  Path checkpoint(ModelSource source) {
    String name =
        Path.of(source.text().name()).getFileName().toString().replaceFirst("\\.model$", "");
    return folder().resolve(name + (model == null ? "" : "-" + model) + ".checkpoint");
  }
}
