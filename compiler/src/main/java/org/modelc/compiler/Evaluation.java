package org.modelc.compiler;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.report.ReportData;
import org.modelc.data.Readers;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.data.DataPreparation;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.DataSpec.FilterSpec;
import org.modelc.runtime.spec.DataSpec.SourceSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.train.Measured;
import org.modelc.runtime.train.Measures;

/**
 * A jar's model measured on rows.
 *
 * @param rows how many rows were measured; 0 if the figures are those recorded at training
 * @param peakBytes workspace of the largest measured program
 * @param metrics by rows ({@code test}) and measure
 * @param baselines the best constant predictor's value of the same
 * @param requirements the recipe's requirements on measures and jar, held against these figures
 */
public record Evaluation(
    int rows,
    long peakBytes,
    Map<String, Map<String, Double>> metrics,
    Map<String, Map<String, Double>> baselines,
    List<ReportData.Requirement> requirements) {

  /**
   * Measures a jar.
   *
   * @param data a file whose rows are all measured; or a folder, where the paths of the model's own
   *     data block start, whose test rows are measured; null to look for that data from the working
   *     folder and the jar's, and to fall back to the figures recorded at training
   * @throws ModelcException if the jar has no measures, or the data cannot be used
   */
  public static Evaluation of(ModelArchive jar, Path data) {
    ModelManifest manifest = jar.model().manifest();
    if (manifest.recipe() == null || manifest.data() == null) {
      throw new ModelcException(
          jar.path() + " has no measures", "write a `train` block with `measure` sentences");
    }
    if (data != null && !Files.isDirectory(data)) {
      return measured(jar, fileRows(manifest.data(), data));
    }
    for (Path folder : data == null ? List.of(Path.of(""), folderOf(jar)) : List.of(data)) {
      if (data != null || hasFiles(manifest.data(), folder)) {
        return measured(jar, splitRows(manifest.data(), folder));
      }
    }
    return recorded(jar);
  }

  /** The figures recorded at training, held against the requirements; nothing is measured. */
  public static Evaluation recorded(ModelArchive jar) {
    ModelManifest manifest = jar.model().manifest();
    return new Evaluation(
        0, 0, manifest.metrics(), manifest.baselines(), requirements(jar, manifest.metrics()));
  }

  private static Path folderOf(ModelArchive jar) {
    return jar.path().toAbsolutePath().getParent();
  }

  private static boolean hasFiles(DataSpec data, Path folder) {
    return data.sources().stream()
        .flatMap(source -> source.paths().values().stream())
        .allMatch(path -> Files.exists(folder.resolve(path)));
  }

  private static Dataset splitRows(DataSpec data, Path folder) {
    Map<String, Dataset> opened = Readers.openAll(data, folder.toAbsolutePath(), new ArrayList<>());
    return DataPreparation.prepare(data, opened).measured();
  }

  /** All rows of a file; filters that learn from training rows do not touch them. */
  private static Dataset fileRows(DataSpec data, Path file) {
    SourceSpec like = data.sources().get(0);
    if (like.paths().size() != 1) {
      throw new ModelcException(
          "a row of data " + data.name() + " comes from " + like.paths().size() + " files",
          "give the folder that the files are in: --data FOLDER");
    }
    String argument = like.paths().keySet().iterator().next();
    SourceSpec source =
        new SourceSpec(
            "rows",
            like.format(),
            Map.of(argument, file.toAbsolutePath().toString()),
            like.options());
    List<FilterSpec> rowwise =
        data.filters().stream().filter(filter -> !filter.kind().endsWith("outliers")).toList();
    DataSpec whole = new DataSpec(data.name(), List.of(source), rowwise, data.derived(), null);
    Map<String, Dataset> opened =
        Readers.openAll(whole, Path.of("").toAbsolutePath(), new ArrayList<>());
    DataSplits rows = DataPreparation.prepare(whole, opened);
    return rows.train();
  }

  private static Evaluation measured(ModelArchive jar, Dataset rows) {
    Model model = jar.model();
    Measured measured = new Measures(model.manifest(), model.programs()).of(rows);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", measured.loss());
    values.putAll(measured.metrics());
    Map<String, Map<String, Double>> metrics = Map.of("test", values);
    long peak = Measures.peakBytes(model.manifest());
    return new Evaluation(
        rows.size(),
        peak,
        metrics,
        Map.of("test", measured.baselines()),
        requirements(jar, metrics));
  }

  /** Latency and memory are {@code bench}'s business; here they are left out. */
  private static List<ReportData.Requirement> requirements(
      ModelArchive jar, Map<String, Map<String, Double>> metrics) {
    Map<String, Double> values = metrics.getOrDefault("test", Map.of());
    Map<String, DoubleSupplier> sizes = Map.of("jar", jar::sizeWithoutRuntime);
    return Requirements.check(
        jar.model().manifest().recipe().requirements().stream()
            .filter(each -> values.containsKey(each.name()) || sizes.containsKey(each.name()))
            .toList(),
        values,
        sizes);
  }
}
