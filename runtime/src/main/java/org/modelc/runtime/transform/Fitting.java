package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.TransformSpec;

/**
 * What a transform learns from: its spec, its fitted inputs and the training rows, read in chunks
 * so that they need not fit in memory.
 */
public final class Fitting {
  private static final int CHUNK_ELEMENTS = 1 << 20;

  private final TransformSpec spec;
  private final List<FittedTransform> inputs;
  private final Dataset training;
  private final List<String> warnings;

  Fitting(
      TransformSpec spec, List<FittedTransform> inputs, Dataset training, List<String> warnings) {
    this.spec = spec;
    this.inputs = inputs;
    this.training = training;
    this.warnings = warnings;
  }

  public TransformSpec spec() {
    return spec;
  }

  public Dataset training() {
    return training;
  }

  /** The shape of a row of the only input. */
  public List<Integer> inputShape() {
    return input().shape();
  }

  /** What the elements of the only input's rows are called. */
  public List<String> inputNames() {
    return Transforms.names(input());
  }

  /** The input of a transform that takes exactly one. */
  public FittedTransform input() {
    if (inputs.size() != 1) {
      throw new DataException(
          spec.kind() + " takes one input, got " + inputs.size(), "join several with ++");
    }
    return inputs.get(0);
  }

  public List<FittedTransform> inputs() {
    return inputs;
  }

  /** Tells the user of something odd that is no error. */
  public void warn(String message) {
    warnings.add(message);
  }

  /** Shows all training rows of the only input to a statistic, once, in row order. */
  public void forEachChunk(Statistic statistic) {
    if (training.size() == 0) {
      throw new DataException(spec.kind() + " has no training rows to learn from", "");
    }
    FittedTransform input = input();
    List<String> columns = Transforms.columns(input);
    int rows = Math.max(1, CHUNK_ELEMENTS / Math.max(1, Features.width(input.shape())));
    for (int from = 0; from < training.size(); from += rows) {
      int to = Math.min(training.size(), from + rows);
      statistic.add(Transforms.features(input, training.read(Dataset.range(from, to), columns)));
    }
  }

  /** The fitted transform of this spec with the only input. */
  public FittedTransform result(
      Map<String, List<Double>> numbers, Map<String, List<String>> texts, List<Integer> shape) {
    return new FittedTransform(
        spec.kind(), List.of(), new ArrayList<>(inputs), spec.options(), numbers, texts, shape);
  }

  /** The fitted transform of this spec, of the only input's shape, having learned numbers. */
  public FittedTransform result(Map<String, List<Double>> numbers) {
    return result(numbers, Map.of(), inputShape());
  }

  /** Collects something over chunks of rows. */
  public interface Statistic {
    void add(Features chunk);
  }
}
