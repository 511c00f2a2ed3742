package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.compiler.TrainedModel;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.report.HtmlReport;
import org.modelc.compiler.report.ReportData;
import org.modelc.runtime.AtomicFile;

/** What {@code train} leaves behind: jar, report, a table for people or an object for scripts. */
final class TrainingSummary {
  private final TrainedModel trained;
  private final Path jar;
  private final Path report;

  TrainingSummary(TrainedModel trained, Path jar, Path report) {
    this.trained = trained;
    this.jar = jar;
    this.report = report;
  }

  /** Writes the jar alone, with its runtime, into another folder. */
  Path writeJar(ModelJar published, Path folder) {
    Path target = folder.resolve(jar.getFileName());
    published.write(target, true);
    return target;
  }

  /** Writes jar and report, each whole or not at all. */
  void write(ModelJar published, boolean bundleRuntime) {
    published.write(jar, bundleRuntime);
    byte[] page = HtmlReport.render(trained.report()).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        report,
        new AtomicFile.Contents() {
          @Override
          public void writeTo(OutputStream out) throws java.io.IOException {
            out.write(page);
          }
        });
    if (trained.compressed() != null) {
      AtomicFile.write(
          uncompressed(),
          new AtomicFile.Contents() {
            @Override
            public void writeTo(OutputStream out) throws java.io.IOException {
              trained.uncompressed().write(out);
            }
          });
    }
  }

  /** Where the parameters as they were learned go, beside a compressed jar. */
  private Path uncompressed() {
    String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
    return jar.resolveSibling(name + "-uncompressed.safetensors");
  }

  /** The object that {@code train --json} promises to scripts. */
  ObjectNode json() {
    ObjectNode result = JsonText.object();
    result.put("model", trained.name());
    result.put("jar", jar.toString());
    MetricsText.put(result, trained.metrics(), trained.baselines(), trained.requirements());
    if (!trained.folds().isEmpty()) {
      result.set("folds", JsonText.MAPPER.valueToTree(trained.folds()));
    }
    result.set("seconds", JsonText.MAPPER.valueToTree(trained.seconds()));
    result.put("samples_per_second", trained.training().samplesPerSecond());
    result.put("peak_bytes", peakBytes());
    result.put("report", report.toString());
    if (trained.compressed() != null) {
      result.set("compression", CompressionText.json(trained.compressed().table()));
      result.put("uncompressed", uncompressed().toString());
    }
    ArrayNode warnings = result.putArray("warnings");
    trained.warnings().forEach(warnings::add);
    return result;
  }

  /** Workspace of the largest program at the recipe's batch. */
  private long peakBytes() {
    return trained.report().memory().stream().mapToLong(ReportData.Memory::bytes).max().orElse(0);
  }

  /** The table for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.addAll(MetricsText.table(trained.metrics(), trained.baselines()));
    Map<String, Double> constant =
        trained
            .baselines()
            .getOrDefault("folds", trained.baselines().getOrDefault("test", Map.of()));
    trained
        .folds()
        .forEach((name, values) -> lines.add(MetricsText.folds(name, values, constant.get(name))));
    if (trained.compressed() != null) {
      lines.addAll(CompressionText.lines(trained.compressed().table()));
    }
    lines.addAll(MetricsText.requirements(trained.requirements()));
    lines.add(
        String.format(
            Locale.ROOT,
            "compiled in %.1f s, trained %d epochs in %.1f s (%,.0f rows/s), workspace %,d bytes",
            trained.seconds().get("compile"),
            trained.training().history().size(),
            trained.seconds().get("train"),
            trained.training().samplesPerSecond(),
            peakBytes()));
    lines.add("jar:    " + jar + size());
    if (trained.compressed() != null) {
      lines.add("parameters before compression: " + uncompressed());
    }
    lines.add("report: " + report);
    return lines;
  }

  private String size() {
    return String.format(
        Locale.ROOT, " (%,d bytes without the runtime)", trained.jar().sizeWithoutRuntime());
  }
}
