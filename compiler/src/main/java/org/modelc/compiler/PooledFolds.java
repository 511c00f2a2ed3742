package org.modelc.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.metrics.ConfusionMatrix;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.train.Measured;

/**
 * The held-out rows of all folds together: each row once, as the model that did not learn from it
 * sees it. Confusions add up, predictions and targets stand one after another.
 */
final class PooledFolds {
  private PooledFolds() {}

  static Measured of(List<Measured> folds) {
    Map<String, ConfusionMatrix> confusions = new LinkedHashMap<>();
    Map<String, double[]> targets = new LinkedHashMap<>();
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (Measured fold : folds) {
      fold.confusions().forEach((name, matrix) -> confusions.merge(name, matrix, PooledFolds::sum));
      fold.targets().forEach((name, values) -> targets.merge(name, values, PooledFolds::joined));
      fold.results()
          .forEach((name, values) -> results.merge(name, flat(values), PooledFolds::joined));
    }
    return new Measured(Double.NaN, Map.of(), Map.of(), confusions, results, targets);
  }

  private static ConfusionMatrix sum(ConfusionMatrix a, ConfusionMatrix b) {
    int classes = Math.max(a.classes(), b.classes());
    double[][] counts = new double[classes][classes];
    for (ConfusionMatrix each : List.of(a, b)) {
      for (int i = 0; i < each.classes(); i++) {
        for (int j = 0; j < each.classes(); j++) {
          counts[i][j] += each.counts()[i][j];
        }
      }
    }
    return new ConfusionMatrix(counts);
  }

  private static double[] joined(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static Tensor joined(Tensor a, Tensor b) {
    return wide(joined((double[]) a.values(), (double[]) flat(b).values()));
  }

  private static Tensor flat(Tensor tensor) {
    double[] values = new double[tensor.size()];
    Arrays.setAll(values, tensor::at);
    return tensor.dtype() == DType.F64 && tensor.shape().size() == 1 ? tensor : wide(values);
  }

  private static Tensor wide(double[] values) {
    return new Tensor(DType.F64, new ArrayList<>(List.of(values.length)), values);
  }
}
