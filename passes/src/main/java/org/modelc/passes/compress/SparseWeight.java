package org.modelc.passes.compress;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.ops.SparsePanels;
import org.modelc.runtime.spec.DType;

/**
 * A matrix without its zeros, in the panels of {@link SparsePanels}. Which rows elements are of is
 * told by gaps, a byte each: most of them are small, so that they pack well. A gap that does not
 * fit a byte takes a place that holds 0.
 *
 * @param values f32[steps, 16]
 * @param gaps i8[steps, 16], none below 0
 * @param starts i32[panels + 1]
 */
public record SparseWeight(Array values, Array gaps, Array starts) {
  /** Columns of a panel. */
  public static final int PANEL = 16;

  private static final int LARGEST_GAP = 127;

  /** A place of a column. */
  private record Place(double value, int gap) {}

  /**
   * Takes out the zeros.
   *
   * @param matrix f32[depth, columns]
   */
  public static SparseWeight of(Array matrix) {
    int columns = matrix.shape()[1];
    int panels = (columns + PANEL - 1) / PANEL;
    double[] starts = new double[panels + 1];
    List<List<Place>> all = new ArrayList<>();
    for (int panel = 0; panel < panels; panel++) {
      int steps = 0;
      for (int column = panel * PANEL; column < (panel + 1) * PANEL; column++) {
        List<Place> places = column < columns ? places(matrix, column) : List.of();
        all.add(places);
        steps = Math.max(steps, places.size());
      }
      starts[panel + 1] = starts[panel] + steps;
    }
    int steps = (int) starts[panels];
    Array values = Array.zeros(DType.F32, steps, PANEL);
    Array gaps = Array.zeros(DType.I8, steps, PANEL);
    for (int column = 0; column < all.size(); column++) {
      int place = ((int) starts[column / PANEL]) * PANEL + column % PANEL;
      for (Place each : all.get(column)) {
        values.data()[place] = each.value;
        gaps.data()[place] = each.gap;
        place += PANEL;
      }
    }
    return new SparseWeight(values, gaps, new Array(DType.I32, new int[] {panels + 1}, starts));
  }

  private static List<Place> places(Array matrix, int column) {
    List<Place> places = new ArrayList<>();
    int columns = matrix.shape()[1];
    int last = 0;
    for (int row = 0; row < matrix.shape()[0]; row++) {
      double value = matrix.data()[row * columns + column];
      if (value == 0) {
        continue;
      }
      for (; row - last > LARGEST_GAP; last += LARGEST_GAP) {
        places.add(new Place(0, LARGEST_GAP));
      }
      places.add(new Place(value, row - last));
      last = row;
    }
    return places;
  }

  /** How it is stored. */
  public Storage.Sparse storage() {
    return new Storage.Sparse(values.shape()[0]);
  }

  /** Bytes that it takes. */
  public long bytes() {
    return (long) values.size() * (DType.F32.bytes() + DType.I8.bytes())
        + (long) starts.size() * DType.I32.bytes();
  }
}
