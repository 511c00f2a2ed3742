package org.modelc.runtime.kernels;

import java.util.Arrays;

/**
 * The inner loop of products with few results and a long inner dim, such as the kernel gradient of
 * a convolution's first layer: vectors run along the inner dim, and each result has its own row of
 * partial sums, which are joined at the end.
 *
 * <p>A result's bits depend on the length of the inner dim alone: lane {@code j} is a chain of
 * fused multiply-adds over the elements {@code j, j + LANES, …}; lanes are joined in halves.
 */
public final class InnerRows {
  /** Elements of the inner dim that are packed at a time. */
  public static final int CHUNK = 1024;

  private static final int LANES = CHUNK / 4;

  private final float[][] left;
  private final float[][] right;
  private final float[][] sums;

  /** Room for a product of so many rows and columns. */
  public InnerRows(int rows, int columns) {
    left = new float[rows][CHUNK];
    right = new float[columns][CHUNK];
    sums = new float[rows * columns][LANES];
  }

  /** A row of the left factor, to be packed from 0 on. */
  public float[] left(int row) {
    return left[row];
  }

  /** A column of the right factor, to be packed from 0 on. */
  public float[] right(int column) {
    return right[column];
  }

  /** Sets the sums of so many results to 0. */
  public void begin(int results) {
    for (int i = 0; i < results; i++) {
      Arrays.fill(sums[i], 0);
    }
  }

  /** Sets what a shorter chunk leaves of a packed row to 0. */
  public static void end(float[] row, int length) {
    Arrays.fill(row, length, CHUNK, 0);
  }

  /** Adds the products of a chunk. */
  public void multiply(int rows, int columns) {
    int result = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        step(sums[result++], left[row], right[column]);
      }
    }
  }

  /** Distances between elements are literals: the form that HotSpot's compiler vectorises. */
  private static void step(float[] sum, float[] a, float[] b) {
    for (int j = 0; j < LANES; j++) {
      sum[j] =
          Math.fma(
              a[j + 3 * LANES],
              b[j + 3 * LANES],
              Math.fma(
                  a[j + 2 * LANES],
                  b[j + 2 * LANES],
                  Math.fma(a[j + LANES], b[j + LANES], Math.fma(a[j], b[j], sum[j]))));
    }
  }

  /** A result: the sum of its lanes, which are lost. */
  public float sum(int result) {
    float[] lanes = sums[result];
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return lanes[0];
  }
}
