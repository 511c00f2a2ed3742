package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.OpException;
import org.modelc.runtime.spec.Dim;

/** Windows over spatial axes: an element of each list for each axis. */
record PoolWindows(
    List<Integer> window, List<Integer> strides, List<Integer> low, List<Integer> high) {

  /** How many windows fit on each axis. */
  List<Dim> counts(String opName, List<Dim> sizes) {
    List<Dim> counts = new ArrayList<>();
    for (int i = 0; i < window.size(); i++) {
      if (window.get(i) < 1 || strides.get(i) < 1 || low.get(i) < 0 || high.get(i) < 0) {
        throw new OpException(
            opName
                + "'s windows and strides are 1 or more and its padding 0 or more, got window "
                + window
                + ", strides "
                + strides
                + ", padding "
                + low
                + " and "
                + high,
            "without strides windows lie side by side, without padding none is added");
      }
      Dim size = sizes.get(i).plus(low.get(i) + high.get(i));
      Dim extent = Dim.constant(window.get(i));
      counts.add(DimArithmetic.windows(opName, size, extent, strides.get(i)));
    }
    return counts;
  }

  boolean isPadded() {
    return low.stream().anyMatch(n -> n > 0) || high.stream().anyMatch(n -> n > 0);
  }

  /** The number of places in a window. */
  int size() {
    return window.stream().reduce(1, Math::multiplyExact);
  }

  /** The padding of the whole tensor. */
  Pad.Attributes padding(double filler) {
    List<Dim> lows = new ArrayList<>(List.of(Dim.ZERO, Dim.ZERO));
    List<Dim> highs = new ArrayList<>(lows);
    low.forEach(n -> lows.add(Dim.constant(n)));
    high.forEach(n -> highs.add(Dim.constant(n)));
    return new Pad.Attributes(lows, highs, List.of(), filler);
  }

  /** The elements under the window of a result element, without padding, in row-major order. */
  List<int[]> places(int[] point, int[] shape) {
    int[] sizes = window.stream().mapToInt(Integer::intValue).toArray();
    List<int[]> places = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      int[] at = Array.index(sizes, i);
      int[] place = point.clone();
      boolean inside = true;
      for (int axis = 0; axis < sizes.length; axis++) {
        place[axis + 2] = point[axis + 2] * strides.get(axis) + at[axis] - low.get(axis);
        inside &= place[axis + 2] >= 0 && place[axis + 2] < shape[axis + 2];
      }
      if (inside) {
        places.add(place);
      }
    }
    return places;
  }
}
