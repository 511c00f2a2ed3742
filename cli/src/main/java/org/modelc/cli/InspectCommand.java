package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Inspection;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.compiler.jar.JarFacts;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.ModelcException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code modelc inspect FILE|JAR}. */
@Command(
    name = "inspect",
    description = {
      "Shows a model at any stage of the compiler:",
      "  ast        the syntax tree",
      "  graph      each program's graph, as elaborated",
      "  optimized  the graph after every graph pass",
      "  passes     what each pass did, and how long it took",
      "  kernels    loop nests after fusion, with the memory plan",
      "  java       the Java that runs, and the typed class",
      "  llvm       the LLVM IR of the native code, for x86-64-v3",
      "  cuda       CUDA C++ and its launches, as any device from sm_75 on runs it",
      "  compression  of a jar: the model before and after, and how each parameter is stored",
      "  memory     workspace of each program, as a formula in its dynamic dims",
      "Without a stage: parameters, functions, data and recipe; of a jar also where it comes from,",
      "its terms, measures, signature and contents."
    },
    footer = {
      "",
      "Example: modelc inspect models/digits/digits.model --stage java --function predict"
    })
final class InspectCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(
      paramLabel = "FILE|JAR",
      description = "A model file, or a jar: its model file is compiled anew.")
  private Path file;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private Inspection.Stage stage = Inspection.Stage.SUMMARY;

  @Option(
      names = "--function",
      paramLabel = "NAME",
      description = "Only this program: an exported function, init, train or evaluate.")
  private String function;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Which model, if the file has several.")
  private String model;

  private final Terminal terminal;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, String> texts = texts();
    if (common.json) {
      ObjectNode result = JsonText.object();
      result.put("stage", stage.toString());
      texts.forEach(result.putObject("programs")::put);
      terminal.result(JsonText.line(result));
    } else {
      terminal.result(String.join("\n", List.copyOf(texts.values())));
    }
    return ExitCode.SUCCESS.number();
  }

  /** A jar's own words need nothing loaded, so that expired and encrypted jars can be looked at. */
  private Map<String, String> texts() {
    if (stage == Inspection.Stage.COMPRESSION && file.toString().endsWith(".jar")) {
      return Map.of("compression", compression());
    }
    if (stage != Inspection.Stage.SUMMARY || !file.toString().endsWith(".jar")) {
      return inspection().show(stage, function);
    }
    JarFacts facts = JarFacts.read(file);
    Map<String, String> texts = new java.util.LinkedHashMap<>();
    texts.put("jar", facts.text());
    texts.put("summary", Inspection.summary(facts.manifest()));
    return texts;
  }

  private String compression() {
    CompressionTable table =
        CompressionTable.of(ModelArchive.open(file))
            .orElseThrow(
                () ->
                    new ModelcException(
                        file + " is not compressed", "modelc compress " + file + " -o SMALL.jar"));
    return String.join("\n", CompressionText.lines(table));
  }

  private Inspection inspection() {
    CompileOptions options = CompileOptions.defaults().withModel(model);
    if (!file.toString().endsWith(".jar")) {
      return Inspection.of(ModelSource.read(file), options);
    }
    return Inspection.of(ModelArchive.open(file));
  }
}
