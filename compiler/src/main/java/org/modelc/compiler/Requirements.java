package org.modelc.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.modelc.compiler.report.ReportData;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;

/** Holds requirements against what was measured. */
final class Requirements {
  private Requirements() {}

  /**
   * Checks all requirements.
   *
   * @param metrics test metrics by name
   * @param sizes what requirements name besides: {@code jar}, {@code latency}, {@code memory};
   *     measured only if asked for
   */
  static List<ReportData.Requirement> check(
      List<RequirementSpec> specs, Map<String, Double> metrics, Map<String, DoubleSupplier> sizes) {
    List<ReportData.Requirement> outcomes = new ArrayList<>();
    for (RequirementSpec spec : specs) {
      double value = value(spec, metrics, sizes);
      outcomes.add(
          new ReportData.Requirement(
              spec.name(), spec.text(), spec.limit(), value, isMet(spec, value)));
    }
    return outcomes;
  }

  private static double value(
      RequirementSpec spec, Map<String, Double> metrics, Map<String, DoubleSupplier> sizes) {
    Double metric = metrics.get(spec.name());
    if (metric != null) {
      return metric;
    }
    DoubleSupplier size = sizes.get(spec.name());
    if (size == null) {
      throw new ModelcException(
          "`require " + spec.text() + "`: nothing measures " + spec.name(),
          "measure it in the train block; there are "
              + metrics.keySet()
              + " and "
              + sizes.keySet());
    }
    return size.getAsDouble();
  }

  /** A value that is not a number meets nothing. */
  private static boolean isMet(RequirementSpec spec, double value) {
    return switch (spec.comparison()) {
      case ">=" -> value >= spec.limit();
      case ">" -> value > spec.limit();
      case "<=", CompressSpec.WITHIN -> value <= spec.limit();
      case "<" -> value < spec.limit();
      default -> throw new IllegalArgumentException("comparison " + spec.comparison());
    };
  }
}
