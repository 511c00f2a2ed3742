package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.typed.Learning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code modelc export JAR -o W.safetensors}. */
@Command(
    name = "export",
    description =
        "Writes a jar's parameters as a safetensors file, by the names that inspect shows; what was"
            + " learned from data before training is in its metadata. build --weights reads it.",
    footer = {"", "Example: modelc export build/Digits.jar -o digits.safetensors"})
final class ExportCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "JAR", description = "The model jar.")
  private Path jar;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "W.safetensors",
      required = true,
      description = "The file to write.")
  private Path output;

  private final Terminal terminal;

  ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ModelArchive archive = ModelArchive.open(jar);
    Learning.save(archive.model(), output);
    if (common.json) {
      ObjectNode result = JsonText.object();
      result.put("model", archive.model().manifest().name());
      result.put("weights", output.toString());
      terminal.result(JsonText.line(result));
    } else {
      terminal.say("parameters: " + output);
    }
    return ExitCode.SUCCESS.number();
  }
}
