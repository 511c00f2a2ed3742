package org.modelc.passes.compress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.spec.DType;

/** How a matrix lies without its zeros, by hand. */
class SparseWeightTest {
  @Test
  void columnsGoIntoPanelsByGaps() {
    Array matrix = Array.zeros(DType.F32, 300, 17);
    matrix.set(2, 1, 0);
    matrix.set(-3, 4, 0);
    matrix.set(5, 299, 1);
    matrix.set(7, 0, 16);
    SparseWeight sparse = SparseWeight.of(matrix);
    // Row 299 is two gaps of 127 and one of 45 away, so the first panel has three places.
    assertThat(sparse.starts().data()).containsExactly(0, 3, 4);
    assertThat(sparse.values().shape()).containsExactly(4, 16);
    assertThat(column(sparse.values(), 0)).containsExactly(2, -3, 0, 7);
    assertThat(column(sparse.gaps(), 0)).containsExactly(1, 3, 0, 0);
    assertThat(column(sparse.values(), 1)).containsExactly(0, 0, 5, 0);
    assertThat(column(sparse.gaps(), 1)).containsExactly(127, 127, 45, 0);
    assertThat(sparse.bytes()).isEqualTo(4 * 16 * 5 + 3 * 4);
  }

  private static double[] column(Array array, int column) {
    double[] elements = new double[array.shape()[0]];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = array.at(i, column);
    }
    return elements;
  }
}
