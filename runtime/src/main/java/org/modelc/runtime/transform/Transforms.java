package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.TransformSpec;

/** Fits and applies trees of transforms. */
public final class Transforms {
  private Transforms() {}

  /**
   * Learns a transform from training rows, which are read in chunks, several times.
   *
   * @param training the training rows and no others
   * @throws DataException if a column is unknown or of the wrong type, or there are no rows
   */
  public static FittedTransform fit(TransformSpec spec, Dataset training) {
    return fit(spec, training, new ArrayList<>());
  }

  /**
   * Learns a transform and tells what is odd.
   *
   * @param warnings gets a sentence for each oddity, such as a constant column
   */
  public static FittedTransform fit(TransformSpec spec, Dataset training, List<String> warnings) {
    List<FittedTransform> inputs = new ArrayList<>();
    for (TransformSpec input : spec.inputs()) {
      inputs.add(fit(input, training, warnings));
    }
    Transform transform = TransformRegistry.of(spec.kind());
    return transform.fit(new Fitting(spec, inputs, training, warnings));
  }

  /**
   * The tensors of a batch's rows.
   *
   * @return row-major, of shape [rows, fitted.shape()…]
   * @throws DataException if a column is missing or of the wrong type, or if a value is missing
   *     where nothing imputes it; the message has column and row
   */
  public static float[] apply(FittedTransform fitted, ColumnBatch batch) {
    Features features = features(fitted, batch);
    double[] numbers = features.numbers("a model's input");
    float[] result = new float[numbers.length];
    for (int i = 0; i < result.length; i++) {
      double number = numbers[i];
      if (Double.isNaN(number)) {
        throw missing(fitted, i);
      }
      result[i] = (float) number;
    }
    return result;
  }

  private static DataException missing(FittedTransform fitted, int element) {
    int width = Features.width(fitted.shape());
    String name = names(fitted).get(element % width);
    return new DataException(
        "`" + name + "` has no value in row " + (element / width + 1),
        "imputed(…, by: median) fills gaps with what the training rows have");
  }

  /** The values of a fitted transform before rounding to f32. */
  static Features features(FittedTransform fitted, ColumnBatch batch) {
    List<Features> inputs = new ArrayList<>(fitted.inputs().size());
    for (FittedTransform input : fitted.inputs()) {
      inputs.add(features(input, batch));
    }
    return TransformRegistry.of(fitted.kind()).apply(fitted, inputs, batch);
  }

  /** The raw columns that a fitted transform reads, each once, in the order of first use. */
  public static List<String> columns(FittedTransform fitted) {
    Set<String> columns = new LinkedHashSet<>();
    collect(fitted, columns);
    return new ArrayList<>(columns);
  }

  private static void collect(FittedTransform fitted, Set<String> columns) {
    columns.addAll(fitted.columns());
    for (FittedTransform input : fitted.inputs()) {
      collect(input, columns);
    }
  }

  /** What each element of a row is called, such as {@code Age} or {@code Home=rent}, row-major. */
  public static List<String> names(FittedTransform fitted) {
    List<List<String>> inputs = new ArrayList<>();
    for (FittedTransform input : fitted.inputs()) {
      inputs.add(names(input));
    }
    return TransformRegistry.of(fitted.kind()).names(fitted, inputs);
  }
}
