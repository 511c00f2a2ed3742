package org.modelc.runtime.kernels;

import java.util.Arrays;

/**
 * The inner loops of matrix products: rows in arrays of their own, all read at the same index, which is
 * the form that HotSpot's compiler turns into vector instructions.
 *
 * <p>Each element is one chain of fused multiply-adds in the order of the inner dim, whatever the
 * blocking, so results do not depend on tiles or threads.
 *
 * <p>A step works on two output rows at once. Their products name the operands in opposite order
 * ({@code a × b + c} and {@code b × a + c}): the compiler pairs the uses of a shared operand by position,
 * and with equal positions it pairs them wrongly and gives up (JDK 17; docs/decisions).
 */
public final class MatrixRows {
  /** Columns of a panel: a block's rows and two output rows stay in a first-level cache. */
  private static final int PANEL = 512;

  /** Output rows of a tile: they stay in a second-level cache. */
  private static final int TILE = 128;

  /** Rows of the inner dim in a block. */
  public static final int DEPTH = 16;

  private static final int LINE = 16;
  private static final int HEADER = 4;

  private MatrixRows() {}

  /** Rows whose objects are whole cache lines long, so that neighbours are aligned alike. */
  public static float[][] allocate(int count, int width) {
    float[][] rows = new float[count][];
    int length = (width + HEADER + LINE - 1) / LINE * LINE + LINE - HEADER;
    for (int i = 0; i < count; i++) {
      rows[i] = new float[length];
    }
    return rows;
  }

  /** The rows a worker needs at most for its tile. */
  public static float[][] tile(int rows, int columns) {
    return allocate(Math.min(TILE, rows + 1), Math.min(PANEL, columns));
  }

  /** The rows a worker needs for a block of the inner dim. */
  public static float[][] block(int columns) {
    return allocate(DEPTH, Math.min(PANEL, columns));
  }

  /** The factors of a tile's rows for one block. */
  public static float[] factors(int rows) {
    return new float[Math.min(TILE, rows + 1) * DEPTH];
  }

  /** The number of panels. */
  public static int panels(int columns) {
    return (columns + PANEL - 1) / PANEL;
  }

  /** The columns of all panels but the last, which may have fewer. */
  public static int panelColumns(int columns) {
    int panels = Math.max(1, panels(columns));
    int even = (columns + panels - 1) / panels;
    return panels == 1 ? columns : (even + LINE - 1) / LINE * LINE;
  }

  /** The number of tiles: enough to keep them in cache and to occupy all workers. */
  public static int tiles(int rows, int others, int workers) {
    int cached = (rows + TILE - 1) / TILE;
    int shared = (workers + others - 1) / Math.max(1, others);
    return Math.max(1, Math.min(rows, Math.max(cached, shared)));
  }

  /** The rows of all tiles but the last, even so that they pair. */
  public static int tileRows(int rows, int tiles) {
    int each = (rows + tiles - 1) / Math.max(1, tiles);
    return Math.min(TILE, each + (each & 1));
  }

  /** Sets the first {@code width} elements of the first {@code count} rows. */
  public static void fill(float[][] rows, int count, int width, float value) {
    for (int i = 0; i < count; i++) {
      Arrays.fill(rows[i], 0, width, value);
    }
  }

  /**
   * Copies columns of a matrix into rows: {@code rows[k][n] = source[from + n × stride + k]}.
   *
   * @param depth how many rows
   * @param width how many elements of each
   */
  public static void transpose(
      float[] source, int from, int stride, float[][] rows, int depth, int width) {
    int k = 0;
    for (; k + 8 <= depth; k += 8) {
      transpose8(source, from + k, stride, rows, k, width);
    }
    for (; k < depth; k++) {
      float[] row = rows[k];
      for (int n = 0, at = from + k; n < width; n++, at += stride) {
        row[n] = source[at];
      }
    }
  }

  private static void transpose8(
      float[] source, int from, int stride, float[][] rows, int k, int width) {
    float[] r0 = rows[k];
    float[] r1 = rows[k + 1];
    float[] r2 = rows[k + 2];
    float[] r3 = rows[k + 3];
    float[] r4 = rows[k + 4];
    float[] r5 = rows[k + 5];
    float[] r6 = rows[k + 6];
    float[] r7 = rows[k + 7];
    for (int n = 0, at = from; n < width; n++, at += stride) {
      r0[n] = source[at];
      r1[n] = source[at + 1];
      r2[n] = source[at + 2];
      r3[n] = source[at + 3];
      r4[n] = source[at + 4];
      r5[n] = source[at + 5];
      r6[n] = source[at + 6];
      r7[n] = source[at + 7];
    }
  }

  /**
   * Adds a block's products to a tile: {@code c[m][n] += Σ a[m × DEPTH + k] × b[k][n]}.
   *
   * @param rows rows of the tile
   * @param depth rows of the block, at most {@link #DEPTH}
   * @param width columns
   */
  public static void multiply(float[][] c, int rows, float[][] b, int depth, float[] a, int width) {
    int m = 0;
    for (; m + 2 <= rows; m += 2) {
      twoRows(c[m], c[m + 1], b, depth, a, m * DEPTH, width);
    }
    if (m < rows) {
      oneRow(c[m], b, depth, a, m * DEPTH, width);
    }
  }

  private static void twoRows(
      float[] c0, float[] c1, float[][] b, int depth, float[] a, int from, int width) {
    int k = 0;
    int p = from;
    int q = from + DEPTH;
    for (; k + 4 <= depth; k += 4, p += 4, q += 4) {
      step4x2(
          width, c0, c1, b[k], b[k + 1], b[k + 2], b[k + 3],
          a[p], a[p + 1], a[p + 2], a[p + 3], a[q], a[q + 1], a[q + 2], a[q + 3]);
    }
    for (; k < depth; k++, p++, q++) {
      step1x2(width, c0, c1, b[k], a[p], a[q]);
    }
  }

  private static void oneRow(
      float[] c, float[][] b, int depth, float[] a, int from, int width) {
    int k = 0;
    int p = from;
    for (; k + 4 <= depth; k += 4, p += 4) {
      step4x1(width, c, b[k], b[k + 1], b[k + 2], b[k + 3], a[p], a[p + 1], a[p + 2], a[p + 3]);
    }
    for (; k < depth; k++, p++) {
      step1x1(width, c, b[k], a[p]);
    }
  }

  private static void step4x2(
      int width, float[] c0, float[] c1, float[] b0, float[] b1, float[] b2, float[] b3,
      float a00, float a01, float a02, float a03, float a10, float a11, float a12, float a13) {
    for (int j = 0; j < width; j++) {
      float v0 = b0[j];
      float v1 = b1[j];
      float v2 = b2[j];
      float v3 = b3[j];
      c0[j] = Math.fma(a03, v3, Math.fma(a02, v2, Math.fma(a01, v1, Math.fma(a00, v0, c0[j]))));
      c1[j] = Math.fma(v3, a13, Math.fma(v2, a12, Math.fma(v1, a11, Math.fma(v0, a10, c1[j]))));
    }
  }

  private static void step1x2(
      int width, float[] c0, float[] c1, float[] b0, float a00, float a10) {
    for (int j = 0; j < width; j++) {
      float v0 = b0[j];
      c0[j] = Math.fma(a00, v0, c0[j]);
      c1[j] = Math.fma(v0, a10, c1[j]);
    }
  }

  private static void step4x1(
      int width, float[] c, float[] b0, float[] b1, float[] b2, float[] b3,
      float a0, float a1, float a2, float a3) {
    for (int j = 0; j < width; j++) {
      c[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j]))));
    }
  }

  private static void step1x1(int width, float[] c, float[] b0, float a0) {
    for (int j = 0; j < width; j++) {
      c[j] = Math.fma(a0, b0[j], c[j]);
    }
  }
}
