package org.modelc.passes.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.spec.Dim;

/** Which indices of each factor stay, and what that makes of axes and tensors. */
public final class KeptIndices {
  private final AxisFactors factors;
  private final Map<DimFactor, int[]> kept = new IdentityHashMap<>();

  /**
   * Keeps everything, but for the factors given.
   *
   * @param kept ascending indices by factor, at least one each
   */
  public KeptIndices(AxisFactors factors, Map<DimFactor, int[]> kept) {
    this.factors = factors;
    this.kept.putAll(kept);
    kept.forEach(
        (factor, indices) -> {
          if (factor.fixedBecause() != null || indices.length == 0) {
            throw new IllegalArgumentException(factor + " cannot keep " + Arrays.toString(indices));
          }
        });
  }

  private Dim size(DimFactor factor) {
    int[] indices = kept.get(factor);
    return indices == null ? factor.size() : Dim.constant(indices.length);
  }

  private Dim size(List<DimFactor> axis) {
    return Dim.product(axis.stream().map(this::size).toList());
  }

  /** The size that a value's axis has then. */
  Dim size(Value value, int axis) {
    return size(factors.axis(value, axis));
  }

  /** The shape that a value has then. */
  List<Dim> shape(Value value) {
    return IntStream.range(0, value.tensor().rank()).mapToObj(axis -> size(value, axis)).toList();
  }

  boolean isUniform(Value value) {
    return factors.isUniform(value);
  }

  /** How many indices of an axis's outermost factor stay; all of it without one. */
  int outermost(Value value, int axis, int without) {
    List<DimFactor> product = factors.axis(value, axis);
    int[] indices = product.isEmpty() ? null : kept.get(product.get(0));
    return indices == null ? without : indices.length;
  }

  /** The shape that a parameter or state has then. */
  public List<Dim> shape(String tensor) {
    return IntStream.range(0, factors.rank(tensor))
        .mapToObj(axis -> size(factors.axis(tensor, axis)))
        .toList();
  }

  /** What stays of a parameter or state. */
  public Array slice(String tensor, Array whole) {
    List<int[]> rows = new ArrayList<>();
    for (int axis = 0; axis < whole.rank(); axis++) {
      rows.add(places(factors.axis(tensor, axis)));
    }
    int[] shape = rows.stream().mapToInt(places -> places.length).toArray();
    Array part = Array.zeros(whole.dtype(), shape);
    for (int i = 0; i < part.size(); i++) {
      int[] index = Array.index(shape, i);
      for (int axis = 0; axis < index.length; axis++) {
        index[axis] = rows.get(axis)[index[axis]];
      }
      part.data()[i] = whole.at(index);
    }
    return part;
  }

  /** The places along an axis that stay, ascending. */
  private int[] places(List<DimFactor> axis) {
    int[] places = {0};
    for (DimFactor factor : axis) {
      int size = factor.size().intValue();
      int[] indices = kept.getOrDefault(factor, IntStream.range(0, size).toArray());
      places =
          Arrays.stream(places)
              .flatMap(outer -> Arrays.stream(indices).map(inner -> outer * size + inner))
              .toArray();
    }
    return places;
  }
}
