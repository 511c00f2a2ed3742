package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.modelc.compiler.CompressionSearch;
import org.modelc.compiler.JarCompression;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.report.ReportData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code modelc compress JAR -o JAR}. */
@Command(
    name = "compress",
    description =
        "Makes a smaller jar of a trained one, measured before and after on the data of its model"
            + " file. Fails if a requirement is not met; the jar is written all the same.",
    footer = {
      "",
      "Example: modelc compress build/Digits.jar -o build/Small.jar --data models/digits \\",
      "             --by \"quantize int8 calibrated on 256 of digits.train\"",
      "         modelc compress build/Digits.jar --data models/digits --search"
    })
final class CompressCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "JAR", description = "A jar that `modelc train` wrote.")
  private Path file;

  @Mixin private OutputOptions output;

  @Option(
      names = "--by",
      paramLabel = "SENTENCES",
      description = "What stands in a compress block (default: the block of the jar's model file).")
  private String sentences = "";

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Where the paths of the model's data start (default: the working folder).")
  private Path data = Path.of("");

  @Option(
      names = "--search",
      description =
          "Write no jar, but try several ways to compress and show which are on the Pareto front of"
              + " measure, size and latency. Measured on validation rows, else on training rows.")
  private boolean search;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How long --search trains in each way that trains (default: it tries none).")
  private int epochs;

  private final Terminal terminal;

  CompressCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return search ? searched() : compressed();
  }

  private int searched() {
    if (!sentences.isEmpty() || output.jar != null || epochs < 0) {
      throw new ParameterException(
          spec.commandLine(), "--search takes --data and --epochs, but no --by and no -o");
    }
    CompressionSearch found;
    try (SearchProgress progress = new SearchProgress(terminal, terminal.isInteractive(), "ways")) {
      found =
          CompressionSearch.of(
              ModelArchive.open(file),
              data.toAbsolutePath(),
              output.compileOptions(),
              epochs,
              progress);
    }
    if (common.json) {
      terminal.result(JsonText.line(SearchText.json(found, file.toString())));
    } else {
      SearchText.lines(found).forEach(terminal::say);
    }
    return ExitCode.SUCCESS.number();
  }

  private int compressed() {
    output.requireWritable();
    JarCompression made =
        JarCompression.of(
            ModelArchive.open(file), sentences, data.toAbsolutePath(), output.compileOptions());
    ModelJar jar = made.jar();
    Path target = output.jar(jar.manifest().name());
    jar.write(target, output.bundlesRuntime());
    CompressionTable table = made.compressed().table();
    List<ReportData.Requirement> requirements = made.compressed().requirements();
    if (common.json) {
      ObjectNode result = JsonText.object();
      result.put("model", jar.manifest().name());
      result.put("jar", target.toString());
      MetricsText.put(result, jar.manifest().metrics(), Map.of(), requirements);
      result.set("compression", CompressionText.json(table));
      ArrayNode warnings = result.putArray("warnings");
      made.compressed().warnings().forEach(warnings::add);
      terminal.result(JsonText.line(result));
    } else {
      CompressionText.lines(table).forEach(terminal::say);
      MetricsText.requirements(requirements).forEach(terminal::say);
      made.compressed().warnings().forEach(each -> terminal.say("warning: " + each));
      terminal.say("jar: " + target);
    }
    boolean met = requirements.stream().allMatch(ReportData.Requirement::met);
    return (met ? ExitCode.SUCCESS : ExitCode.USER_ERROR).number();
  }
}
