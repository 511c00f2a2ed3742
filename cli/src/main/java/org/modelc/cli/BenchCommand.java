package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CallBenchmark;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.KernelProfile;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.schedule.ScheduleFile;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.cuda.CudaCode;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.ModelManifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code modelc bench JAR|FILE}. */
@Command(
    name = "bench",
    description = "Measures how long calls of a function take, and what they allocate.",
    footer = {"", "Example: modelc bench build/Digits.jar --batch 64 --threads 2"})
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "JAR|FILE", description = "A model jar, or a model file.")
  private Path file;

  @Option(
      names = "--function",
      paramLabel = "NAME",
      description = "An exported function; needed if there are several and none is `predict`.")
  private String function;

  @Option(names = "--batch", paramLabel = "N", description = "Rows a call (default: 1).")
  private int batch = 1;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "At most N threads a call (default: 1).")
  private int threads = 1;

  @Option(
      names = "--profile",
      description = "Also measure each kernel: ns, bytes, FLOPs, percent of the peak.")
  private boolean profile;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "What runs the programs of a model file: ${COMPLETION-CANDIDATES}; of a jar: jvm, in place of"
              + " its native code or its GPU's.")
  private Backend backend;

  @Option(
      names = "--schedules",
      paramLabel = "FILE",
      description =
          "Of a model file: schedules of native kernels, as `modelc build --tune` writes them. A jar has"
              + " those it was built with.")
  private Path schedules;

  private final Terminal terminal;

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Options.atLeast(command, "--batch", batch, 1);
    Options.atLeast(command, "--threads", threads, 1);
    boolean isJar = file.toString().endsWith(".jar");
    if (schedules != null && (isJar || (backend != null && backend != Backend.NATIVE))) {
      throw new ParameterException(
          command.commandLine(),
          isJar
              ? "--schedules is for model files; a jar has those it was built with"
              : "--schedules is for native code: leave it out, or add --backend native");
    }
    if (isJar) {
      if (backend == Backend.JVM) {
        System.setProperty(NativeLibrary.PROPERTY, "off");
        System.setProperty(CudaCode.PROPERTY, "off");
      }
      ModelArchive jar = ModelArchive.open(file);
      ProgramSet programs = jar.model().programs();
      boolean isNative = programs.code().backend().startsWith(NativePrograms.NATIVE);
      Backend same = isNative ? Backend.NATIVE : Backend.JVM;
      Compilation compilation = profile ? Compiler.recompile(jar, same) : null;
      return bench(jar.model().manifest(), programs, compilation);
    }
    CompileOptions options =
        CompileOptions.defaults()
            .withSchedules(schedules == null ? ScheduleFile.NONE : ScheduleFile.read(schedules));
    Compilation compilation =
        Compiler.compile(
            ModelSource.read(file), backend == null ? options : options.withBackend(backend));
    if (schedules != null) {
      compilation.warnings().forEach(terminal::show);
    }
    ProgramSet programs = compilation.programSet(compilation.initialTensors(0));
    return bench(compilation.manifest(), programs, compilation);
  }

  private int bench(ModelManifest manifest, ProgramSet programs, Compilation compilation) {
    if (profile && programs.code().backend().startsWith(Backend.CUDA.toString())) {
      throw new ModelcException(
          "--profile measures kernels on the processor, and a GPU runs this model",
          "leave it out, or add --backend jvm; Nsight Systems measures kernels on a GPU");
    }
    String program = Functions.choose(manifest, function).program();
    CallBenchmark result = CallBenchmark.run(programs, program, batch, threads);
    KernelProfile kernels =
        profile ? KernelProfile.of(compilation, program, batch, threads) : KernelProfile.NONE;
    if (common.json) {
      terminal.result(JsonText.line(json(result, programs.code().backend(), kernels)));
    } else {
      terminal.result(text(result));
      kernels.table().forEach(terminal::result);
    }
    return ExitCode.SUCCESS.number();
  }

  private static String text(CallBenchmark result) {
    return String.format(
        Locale.ROOT,
        "%s, batch %d, %d thread%s: median %.2f µs, 99%% within %.2f µs, %.0f bytes allocated a call,"
            + " %.2f GFLOP/s, %,d bytes of workspace (%d calls)",
        result.program(),
        result.batch(),
        result.threads(),
        result.threads() == 1 ? "" : "s",
        result.medianMicros(),
        result.p99Micros(),
        result.allocatedBytesPerCall(),
        result.gigaflops(),
        result.peakBytes(),
        result.calls());
  }

  /** The object that {@code bench --json} promises to scripts. */
  private static ObjectNode json(CallBenchmark result, String backend, KernelProfile kernels) {
    ObjectNode object = JsonText.object();
    object.put("function", result.program());
    String[] parts = backend.split(" ");
    object.put("backend", parts[0]);
    if (parts.length > 1) {
      object.put("level", parts[1]);
    }
    object.put("batch", result.batch());
    object.put("threads", result.threads());
    object.put("median_us", result.medianMicros());
    object.put("p99_us", result.p99Micros());
    object.put("allocated_bytes_per_call", result.allocatedBytesPerCall());
    object.put("gflops", result.gigaflops());
    object.put("peak_bytes", result.peakBytes());
    if (!kernels.kernels().isEmpty()) {
      object.set("kernels", JsonText.MAPPER.valueToTree(kernels.kernels()));
    }
    return object;
  }
}
