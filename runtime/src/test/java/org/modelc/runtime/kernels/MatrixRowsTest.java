package org.modelc.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MatrixRowsTest {
  private static final int ROWS = 6;
  private static final int COLUMNS = 80;

  /** Longer than all rounds of measuring, which move the start and may take new rows. */
  @Test
  void productsHaveTheSameBitsWhereverRowsLie() {
    Random random = new Random(1);
    float[] left = random(random, ROWS * MatrixRows.DEPTH);
    float[] right = random(random, MatrixRows.DEPTH * COLUMNS);
    MatrixRows matrix = new MatrixRows(ROWS, COLUMNS);
    float[] expected = expected(left, right);
    for (int task = 0; task < 3200; task++) {
      assertThat(product(matrix, left, right)).as("task " + task).containsExactly(expected);
    }
  }

  private static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static float[] product(MatrixRows matrix, float[] left, float[] right) {
    matrix.begin(ROWS, COLUMNS, 0);
    for (int k = 0; k < MatrixRows.DEPTH; k++) {
      System.arraycopy(right, k * COLUMNS, matrix.inner(k), matrix.lead(), COLUMNS);
    }
    System.arraycopy(left, 0, matrix.factors(), 0, left.length);
    matrix.multiply(ROWS, MatrixRows.DEPTH, COLUMNS);
    float[] result = new float[ROWS * COLUMNS];
    for (int m = 0; m < ROWS; m++) {
      System.arraycopy(matrix.row(m), matrix.lead(), result, m * COLUMNS, COLUMNS);
    }
    return result;
  }

  /** One chain of fused multiply-adds in the order of the inner dim. */
  private static float[] expected(float[] left, float[] right) {
    float[] result = new float[ROWS * COLUMNS];
    for (int m = 0; m < ROWS; m++) {
      for (int n = 0; n < COLUMNS; n++) {
        float sum = 0;
        for (int k = 0; k < MatrixRows.DEPTH; k++) {
          sum = Math.fma(left[m * MatrixRows.DEPTH + k], right[k * COLUMNS + n], sum);
        }
        result[m * COLUMNS + n] = sum;
      }
    }
    return result;
  }
}
