package org.modelc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.modelc.compiler.ResultLabels;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.data.RawInput;
import org.modelc.runtime.Predictor;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code modelc predict JAR --input FILE}. */
@Command(
    name = "predict",
    description =
        "Runs a function of a model jar over raw values from a file. Writes JSON: an object for one"
            + " object or picture, an array of objects for a CSV file or an array.",
    footer = {"", "Example: modelc predict build/Digits.jar --input digit.png"})
final class PredictCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "JAR", description = "The model jar.")
  private Path jar;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "FILE",
      description = "Raw values: .csv, .json, .jsonl, .png or .jpg.")
  private Path input;

  @Option(
      names = "--function",
      paramLabel = "NAME",
      description = "The exported function; needed if there are several and none is `predict`.")
  private String function;

  private final Terminal terminal;

  PredictCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ModelArchive archive = ModelArchive.open(jar);
    ModelManifest manifest = archive.model().manifest();
    FunctionSpec spec = Functions.choose(manifest, function);
    RawInput raw = RawInput.read(input, spec, manifest.fitted());
    ResultJson results =
        new ResultJson(
            new Predictor(archive.model(), spec.name()).predict(raw.batch()),
            ResultLabels.of(spec, manifest.labels(), manifest.recipe()));
    if (raw.single()) {
      terminal.result(text(results.row(0)));
    } else {
      ArrayNode rows = JsonText.MAPPER.createArrayNode();
      for (int row = 0; row < raw.batch().rows(); row++) {
        rows.add(results.row(row));
      }
      terminal.result(text(rows));
    }
    return ExitCode.SUCCESS.number();
  }

  /** Both forms are one JSON value; without {@code --json} it is laid out for people. */
  private String text(JsonNode value) {
    return common.json ? JsonText.line(value) : JsonText.pretty(value);
  }
}
