package org.modelc.runtime.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.ClassLabels;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.RecipeSpec.ClassWeightSpec;

/** Weights of training rows by class. */
final class ExampleWeights {
  private ExampleWeights() {}

  /**
   * A weight for each row: {@code balanced} gives rows / (classes × rows of the class), so that the
   * weights' mean is 1; {@code given} as given, by class text or by the class's place among the
   * classes in text order ({@code false} before {@code true}); 1 for classes without one.
   *
   * @return null for a spec that is null
   */
  static double[] of(ClassWeightSpec spec, Dataset train) {
    if (spec == null) {
      return null;
    }
    String[] labels = ClassLabels.of(train, spec.by());
    Map<String, Integer> counts = counts(labels, spec.by());
    Map<String, Double> byClass = spec.weights();
    if (spec.kind().equals("balanced")) {
      byClass = new TreeMap<>();
      for (Map.Entry<String, Integer> count : counts.entrySet()) {
        byClass.put(count.getKey(), (double) labels.length / counts.size() / count.getValue());
      }
    }
    byClass = named(byClass, new ArrayList<>(counts.keySet()));
    checkNames(byClass, counts, spec.by());
    double[] weights = new double[labels.length];
    for (int row = 0; row < weights.length; row++) {
      Double weight = byClass.get(labels[row]);
      weights[row] = weight == null ? 1 : weight;
    }
    return weights;
  }

  /**
   * Weights by class text: a key that is no class, but a place among them, stands for that class.
   */
  private static Map<String, Double> named(Map<String, Double> weights, List<String> classes) {
    Map<String, Double> named = new TreeMap<>();
    for (Map.Entry<String, Double> weight : weights.entrySet()) {
      String key = weight.getKey();
      boolean place = !classes.contains(key) && key.matches("[0-9]{1,6}");
      int index = place ? Integer.parseInt(key) : -1;
      named.put(place && index < classes.size() ? classes.get(index) : key, weight.getValue());
    }
    return named;
  }

  private static Map<String, Integer> counts(String[] labels, String by) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] == null) {
        throw new TrainingException(
            "class weights by `" + by + "`: training row " + (row + 1) + " has no class",
            "drop the rows without it");
      }
      Integer old = counts.get(labels[row]);
      counts.put(labels[row], old == null ? 1 : old + 1);
    }
    return counts;
  }

  private static void checkNames(
      Map<String, Double> weights, Map<String, Integer> counts, String by) {
    for (Map.Entry<String, Double> weight : weights.entrySet()) {
      if (!counts.containsKey(weight.getKey())) {
        throw new TrainingException(
            "there is a weight for class `"
                + weight.getKey()
                + "` of `"
                + by
                + "`, which no training row has",
            NearestName.hint(weight.getKey(), new ArrayList<>(counts.keySet())));
      }
      if (!(weight.getValue() >= 0) || weight.getValue().isInfinite()) {
        throw new TrainingException(
            "the weight of class `" + weight.getKey() + "` is " + weight.getValue(),
            "weights are numbers from 0 on");
      }
    }
  }
}
