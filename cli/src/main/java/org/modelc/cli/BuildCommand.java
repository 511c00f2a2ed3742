package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelJar;
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
      "Example: modelc build models/digits/digits.model -o build/Digits.jar --weights w.safetensors"
    })
final class BuildCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FILE", description = "The model file.")
  private Path file;

  @Mixin private OutputOptions output;

  @Option(
      names = "--weights",
      paramLabel = "W.safetensors",
      description = "Parameters by name, such as META-INF/modelc/<Model>.safetensors of a jar.")
  private Path weights;

  @Option(
      names = "--platform",
      paramLabel = "NAME",
      description = "Platforms of native code; the jvm backend runs on all.")
  private String platform;

  private final Terminal terminal;

  BuildCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (platform != null) {
      throw new ModelcException(
          "--platform is for native code, which is not in this release",
          "leave it out: the jar runs on any");
    }
    output.requireWritable();
    CompileOptions options = output.compileOptions().withWeights(weights);
    ModelJar built = Compiler.build(ModelSource.read(file), options);
    Path jar = output.jar(built.manifest().name());
    built.write(jar, output.bundlesRuntime());
    if (common.json) {
      ObjectNode result = JsonText.object();
      result.put("model", built.manifest().name());
      result.put("jar", jar.toString());
      result.put("bytes_without_runtime", built.sizeWithoutRuntime());
      terminal.result(JsonText.line(result));
    } else {
      terminal.say(
          "jar: " + jar + (weights == null ? " (parameters freshly drawn, not trained)" : ""));
    }
    return ExitCode.SUCCESS.number();
  }
}
