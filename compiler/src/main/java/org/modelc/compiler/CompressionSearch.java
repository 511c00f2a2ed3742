package org.modelc.compiler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.compiler.compress.CompressionTable.Quantity;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.metrics.Metrics;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;

/**
 * Several ways to compress one jar, measured alike. The ways are the same at every run, in the same
 * order; measures and sizes are the same too, latencies are not.
 *
 * @param model its name
 * @param part the rows measured on: validation rows, else training rows, since test rows choose
 *     nothing
 * @param measure the recipe's first measure, or {@code loss}
 * @param candidates the model as it is, then each way that fits it
 * @param skipped ways that do not fit it
 */
public record CompressionSearch(
    String model, String part, String measure, List<Candidate> candidates, List<Skipped> skipped) {
  /** Latencies that differ by less are alike. */
  private static final double NOISE = 0.05;

  /** What a model may lack, so that a way does not fit it. */
  private static final Set<DiagnosticCode> UNFIT =
      EnumSet.of(
          DiagnosticCode.NOTHING_TO_COMPRESS,
          DiagnosticCode.NOT_REMOVABLE,
          DiagnosticCode.BAD_CALIBRATION,
          DiagnosticCode.BEYOND_RANGE,
          DiagnosticCode.BAD_SETTING);

  /**
   * A way.
   *
   * @param sentences of a compress block; empty for the model as it is
   * @param value of the measure
   * @param higherIsBetter whether of the measure more is better
   * @param parameters bytes
   * @param jar bytes, without the runtime
   * @param latency of a call with one row, in microseconds
   * @param front whether no other way is better in something and worse in nothing
   */
  public record Candidate(
      String sentences,
      double value,
      boolean higherIsBetter,
      double parameters,
      double jar,
      double latency,
      boolean front) {
    /** Whether this way is better in something and worse in nothing. */
    boolean dominates(Candidate other) {
      double gained = higherIsBetter ? value - other.value : other.value - value;
      boolean worse = !(gained >= 0) || jar > other.jar || latency > other.latency * (1 + NOISE);
      boolean better = gained > 0 || jar < other.jar || latency < other.latency * (1 - NOISE);
      return better && !worse;
    }

    private Candidate onFront(boolean is) {
      return new Candidate(sentences, value, higherIsBetter, parameters, jar, latency, is);
    }
  }

  /** A way that does not fit the model, and why. */
  public record Skipped(String sentences, String reason) {}

  /** Is told of each way before it is tried, since one may take a minute. */
  @FunctionalInterface
  public interface Trying {
    /**
     * A way begins.
     *
     * @param sentences the way
     * @param done how many have been tried
     * @param all how many there are
     */
    void trying(String sentences, int done, int all);
  }

  /**
   * Tries all ways.
   *
   * @param folder where the paths of the model's data block start
   * @param epochs how long ways that train do so; 0 to leave them out
   * @throws ModelcException if the jar is compressed already, or its data cannot be used
   */
  public static CompressionSearch of(
      ModelArchive jar, Path folder, CompileOptions options, int epochs, Trying trying) {
    ModelManifest manifest = jar.model().manifest();
    List<Candidate> candidates = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    String part = "";
    String data = manifest.data() == null ? "" : manifest.data().name();
    List<String> ways = ways(data, epochs);
    for (String sentences : ways) {
      trying.trying(sentences, ways.indexOf(sentences), ways.size());
      try {
        CompressedModel made =
            JarCompression.compressed(jar, sentences, folder, options, CompressionSearch::rows);
        part = made.part();
        if (candidates.isEmpty()) {
          candidates.add(candidate("", made, manifest, false));
        }
        candidates.add(candidate(sentences, made, manifest, true));
      } catch (DiagnosticException unfit) {
        if (!UNFIT.contains(unfit.diagnostics().get(0).code())) {
          throw unfit;
        }
        skipped.add(new Skipped(sentences, unfit.diagnostics().get(0).message()));
      }
    }
    return new CompressionSearch(
        manifest.name(), part, measure(manifest), withFront(candidates), skipped);
  }

  /** What is tried: few bits, low rank, and, if there is time to train, pruning. */
  static List<String> ways(String data, int epochs) {
    String rows = " calibrated on 256 of " + data + ".train";
    List<String> ways =
        new ArrayList<>(
            List.of(
                "quantize weights f16",
                "quantize weights bf16",
                "quantize weights int8",
                "quantize weights mixed budget 20 %" + rows,
                "quantize weights int4",
                "quantize weights int4 group 32",
                "quantize int8",
                "quantize int8" + rows,
                "quantize int8" + rows + " by entropy",
                "factorize error 0.1",
                "factorize error 0.3 quantize int8" + rows));
    if (epochs > 0) {
      String during = " during " + epochs + " epochs";
      ways.add("quantize weights int4" + during);
      ways.add("prune magnitude 0.8" + during);
      ways.add("prune structured 0.25" + during);
      ways.add("prune structured 0.25" + during + " quantize int8" + rows);
      ways.add("prune structured 0.5" + during + " quantize int8" + rows);
    }
    return ways;
  }

  private static Map.Entry<String, Dataset> rows(DataSplits splits) {
    return splits.validation() != null
        ? Map.entry("validation", splits.validation())
        : Map.entry("train", splits.train());
  }

  private static String measure(ModelManifest manifest) {
    List<MeasureSpec> measures = manifest.recipe().measures();
    return measures.isEmpty() ? "loss" : measures.get(0).name();
  }

  private static Candidate candidate(
      String sentences, CompressedModel made, ModelManifest manifest, boolean after) {
    List<MeasureSpec> measures = manifest.recipe().measures();
    boolean higher = !measures.isEmpty() && Metrics.of(measures.get(0).kind()).higherIsBetter();
    return new Candidate(
        sentences,
        quantity(made, made.part() + " " + measure(manifest), after),
        higher,
        quantity(made, "parameters", after),
        quantity(made, "jar", after),
        quantity(made, "latency", after),
        false);
  }

  private static double quantity(CompressedModel made, String name, boolean after) {
    Quantity found =
        made.quantities().stream()
            .filter(quantity -> quantity.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no quantity " + name));
    return after ? found.after() : found.before();
  }

  /** Says which candidates none dominates. */
  static List<Candidate> withFront(List<Candidate> candidates) {
    return candidates.stream()
        .map(each -> each.onFront(candidates.stream().noneMatch(other -> other.dominates(each))))
        .toList();
  }
}
