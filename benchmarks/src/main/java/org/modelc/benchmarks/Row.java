package org.modelc.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.modelc.runtime.spec.Json;

/**
 * One line of the benchmark's output.
 *
 * @param row its name
 * @param threads workers
 * @param unit of {@code ours} and {@code theirs}
 * @param ours our figure
 * @param peer what it is compared with; {@code none} if there is nothing
 * @param theirs the peer's figure
 * @param ratio more than 1 means that ours is better than the peer
 * @param ratioLow the lower 95 % bound of the median ratio
 * @param required the least ratio that the project promises
 * @param peak the share of the probe's multiply-adds that ours reaches; 0 where not taken
 * @param pairs of how many pairs, not counting those in which the machine's speed changed; 0 where
 *     there is nothing to count
 */
public record Row(
    String row,
    int threads,
    String unit,
    double ours,
    String peer,
    double theirs,
    double ratio,
    double ratioLow,
    double required,
    double peak,
    int pairs) {
  /** A row without a share of the peak. */
  public static Row of(
      String row,
      int threads,
      String unit,
      double ours,
      String peer,
      double theirs,
      MedianBound ratio,
      double required) {
    return new Row(
        row, threads, unit, ours, peer, theirs, ratio.median(), ratio.low(), required, 0, 0);
  }

  /** One object, for scripts. */
  public String json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("row", row);
    object.put("threads", threads);
    object.put("unit", unit);
    object.put("ours", ours);
    object.put("peer", peer);
    object.put("theirs", theirs);
    object.put("ratio", ratio);
    object.put("ratio_low", ratioLow);
    object.put("required", required);
    object.put("peak", peak);
    object.put("pairs", pairs);
    return Json.write(object);
  }

  /** A line for people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%-18s %d thread%s  %s %-9s  %s %s  ratio %.3f (low %.3f, required %.2f)%s",
        row,
        threads,
        threads == 1 ? " " : "s",
        digits(ours),
        unit,
        peer,
        digits(theirs),
        ratio,
        ratioLow,
        required,
        notes());
  }

  private String notes() {
    String share = peak == 0 ? "" : String.format(Locale.ROOT, ", %.0f %% of FMA peak", 100 * peak);
    return share + (pairs == 0 ? "" : ", " + pairs + " pairs");
  }

  /** The head of the table that {@link #markdown} makes the lines of. */
  public static String markdownHead() {
    return "| row | threads | ours | best peer | ratio (at least) | required | of FMA peak |\n"
        + "|---|---|---|---|---|---|---|";
  }

  /** A line of a table for a README. */
  public String markdown() {
    return String.format(
        Locale.ROOT,
        "| `%s` | %d | %s %s | %s %s, %s | %.2f (%.2f) | %.2f | %s |",
        row,
        threads,
        digits(ours),
        unit,
        digits(theirs),
        unit,
        peer,
        ratio,
        ratioLow,
        required,
        peak == 0 ? "" : Math.round(100 * peak) + " %");
  }

  /** Three digits that count, or all before the point. */
  static String digits(double value) {
    double size = Math.abs(value);
    int places = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + places + "f", value);
  }
}
