package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.modelc.compiler.Backend;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.schedule.ScheduleFile;
import org.modelc.runtime.ModelcException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code modelc build FILE -o JAR}. */
@Command(
    name = "build",
    description =
        "Compiles a model without training it, with given parameters or freshly drawn ones. What was"
            + " learned from data before training (means, categories) comes with the parameters, else"
            + " from the file's own data.",
    footer = {
      "",
      "Example: modelc build models/digits/digits.model -o build/Digits.jar --weights w.safetensors",
      "         modelc build benchmarks/models/mlp.model --tune mlp.schedules.json --tune-dims B=32"
    })
final class BuildCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FILE", description = "The model file.")
  private Path file;

  @Mixin private OutputOptions output;

  @Mixin private PublishingOptions publishing;

  @Mixin private TuningOptions tuning;

  @Option(
      names = "--weights",
      paramLabel = "W.safetensors",
      description = "Parameters by name, such as META-INF/modelc/<Model>.safetensors of a jar.")
  private Path weights;

  @Option(
      names = "--platform",
      paramLabel = "NAME,…",
      split = ",",
      description =
          "Platforms whose native code the jar carries, or with --backend cuda what calls their driver"
              + " (default: this machine's): linux-x86_64, linux-aarch64, macos-x86_64, macos-aarch64,"
              + " windows-x86_64. On others it runs bytecode.")
  private List<String> platforms = List.of();

  private final Terminal terminal;

  BuildCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  private CompileOptions options() {
    CompileOptions options = output.compileOptions().withWeights(weights);
    if (!platforms.isEmpty() && options.backend() == Backend.JVM) {
      throw new ModelcException(
          "--platform is for native code", "leave it out, or add --backend native");
    }
    return options.withPlatforms(platforms);
  }

  @Override
  public Integer call() {
    output.requireWritable();
    publishing.check();
    tuning.check(output);
    Compiler.warmUp();
    CompileOptions options = options();
    ModelSource source = ModelSource.read(file);
    ScheduleFile schedules = options.schedules();
    if (tuning.isAsked()) {
      schedules = tuning.tuned(source, options, terminal);
    }
    Compilation compilation = Compiler.compile(source, options.withSchedules(schedules));
    compilation.warnings().forEach(terminal::show);
    ModelJar built = publishing.published(Compiler.build(compilation));
    Path jar = output.jar(built.manifest().name());
    built.write(jar, output.bundlesRuntime());
    if (common.json) {
      ObjectNode result = JsonText.object();
      result.put("model", built.manifest().name());
      result.put("jar", jar.toString());
      result.put("bytes_without_runtime", built.sizeWithoutRuntime());
      if (tuning.isAsked()) {
        ArrayNode tuned = result.putArray("tuned");
        for (ScheduleFile.Kernel kernel : schedules.kernels()) {
          tuned.addObject().put("kernel", kernel.kernel()).put("gain", kernel.gain());
        }
      }
      terminal.result(JsonText.line(result));
    } else {
      if (tuning.isAsked()) {
        schedules.kernels().forEach(kernel -> terminal.say(gain(kernel)));
        terminal.say("schedules: " + tuning.file + " (" + schedules.kernels().size() + " kernels)");
      }
      terminal.say(
          "jar: " + jar + (weights == null ? " (parameters freshly drawn, not trained)" : ""));
    }
    return ExitCode.SUCCESS.number();
  }

  private static String gain(ScheduleFile.Kernel kernel) {
    return String.format(Locale.ROOT, "%.3f times as fast: %s", kernel.gain(), kernel.kernel());
  }
}
