package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.modelc.compiler.Evaluation;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.report.ReportData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code modelc eval JAR}. */
@Command(
    name = "eval",
    description =
        "Measures a model jar on the test rows of its data, or on the rows of a file, and holds the"
            + " result against its requirements.",
    footer = {"", "Example: modelc eval build/Digits.jar --data models/digits"})
final class EvalCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "JAR", description = "The model jar.")
  private Path jar;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "A file: all its rows are measured. A folder: the model's own data is looked for there and its"
              + " test rows are measured. By default it is looked for in the working folder and the"
              + " jar's; failing that, the figures recorded at training are shown.")
  private Path data;

  private final Terminal terminal;

  EvalCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ModelArchive archive = ModelArchive.open(jar);
    long start = System.nanoTime();
    Evaluation evaluation = Evaluation.of(archive, data);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (evaluation.rows() == 0) {
      terminal.say("note: the model's data is not here; these figures were recorded at training");
      terminal.say("  hint: name its folder or other rows with --data");
    }
    if (common.json) {
      terminal.result(JsonText.line(json(archive, evaluation, seconds)));
    } else {
      MetricsText.table(evaluation.metrics(), evaluation.baselines()).forEach(terminal::result);
      MetricsText.requirements(evaluation.requirements()).forEach(terminal::result);
    }
    boolean met = evaluation.requirements().stream().allMatch(ReportData.Requirement::met);
    return (met ? ExitCode.SUCCESS : ExitCode.USER_ERROR).number();
  }

  private ObjectNode json(ModelArchive archive, Evaluation evaluation, double seconds) {
    ObjectNode result = JsonText.object();
    result.put("model", archive.model().manifest().name());
    result.put("jar", jar.toString());
    MetricsText.put(
        result, evaluation.metrics(), evaluation.baselines(), evaluation.requirements());
    result.put("rows", evaluation.rows());
    ObjectNode times = result.putObject("seconds");
    times.put("compile", 0.0);
    times.put("train", 0.0);
    times.put("evaluate", seconds);
    result.put("samples_per_second", evaluation.rows() / seconds);
    result.put("peak_bytes", evaluation.peakBytes());
    Path report = jar.resolveSibling(archive.model().manifest().name() + "-report.html");
    result.put("report", Files.exists(report) ? report.toString() : null);
    return result;
  }
}
