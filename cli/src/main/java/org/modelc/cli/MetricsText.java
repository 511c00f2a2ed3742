package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.compiler.report.ReportData;

/** Metrics and requirements for people and for scripts. */
final class MetricsText {
  private MetricsText() {}

  /** Adds {@code metrics}, {@code baselines} and {@code requirements} to an object. */
  static void put(
      ObjectNode target,
      Map<String, Map<String, Double>> metrics,
      Map<String, Map<String, Double>> baselines,
      List<ReportData.Requirement> requirements) {
    target.set("metrics", numbers(metrics));
    target.set("baselines", numbers(baselines));
    ArrayNode list = target.putArray("requirements");
    for (ReportData.Requirement each : requirements) {
      ObjectNode entry = list.addObject();
      entry.put("name", each.name());
      entry.put("limit", each.limit());
      number(entry, "value", each.value());
      entry.put("met", each.met());
    }
  }

  private static ObjectNode numbers(Map<String, Map<String, Double>> values) {
    ObjectNode result = JsonText.object();
    values.forEach(
        (split, byName) -> {
          ObjectNode part = result.putObject(split);
          byName.forEach((name, value) -> number(part, name, value));
        });
    return result;
  }

  /** JSON has no NaN and no infinities; they become null. */
  private static void number(ObjectNode target, String name, double value) {
    if (Double.isFinite(value)) {
      target.put(name, value);
    } else {
      target.putNull(name);
    }
  }

  /** A line a measure, the best constant predictor beside it. */
  static List<String> table(
      Map<String, Map<String, Double>> metrics, Map<String, Map<String, Double>> baselines) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-12s %-16s %12s %24s",
            "rows",
            "measure",
            "model",
            "best constant predictor"));
    metrics.forEach(
        (split, values) ->
            values.forEach(
                (name, value) -> {
                  Double baseline = baselines.getOrDefault(split, Map.of()).get(name);
                  lines.add(
                      String.format(
                          Locale.ROOT,
                          "%-12s %-16s %12s %24s",
                          split,
                          name,
                          text(value),
                          baseline == null ? "" : text(baseline)));
                }));
    return lines;
  }

  /** A measure over folds: mean and standard deviation, and the best constant predictor's mean. */
  static String folds(String name, List<Double> values, Double baseline) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    double deviation = Math.sqrt(squares / Math.max(1, values.size() - 1));
    return String.format(
        Locale.ROOT,
        "%d folds: %s %s ± %s, best constant predictor %s",
        values.size(),
        name,
        text(mean),
        text(deviation),
        text(baseline));
  }

  /** A line a requirement. */
  static List<String> requirements(List<ReportData.Requirement> requirements) {
    List<String> lines = new ArrayList<>();
    for (ReportData.Requirement each : requirements) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-7s  require %-26s measured %s",
              each.met() ? "met" : "NOT MET",
              each.text(),
              text(each.value())));
    }
    return lines;
  }

  static String text(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole && Math.abs(value) >= 1000
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.4f", value);
  }
}
