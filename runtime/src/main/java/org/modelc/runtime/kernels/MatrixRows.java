package org.modelc.runtime.kernels;

import java.lang.ref.WeakReference;
import java.util.Arrays;

/**
 * The inner loops of matrix products: rows in arrays of their own, all read at the same index,
 * which is the form that HotSpot's compiler turns into vector instructions.
 *
 * <p>Each element is one chain of fused multiply-adds in the order of the inner dim, whatever the
 * blocking, so results do not depend on tiles or threads.
 *
 * <p>A step works on two output rows at once. Their products name the operands in opposite order
 * ({@code a × b + c} and {@code b × a + c}): the compiler pairs the uses of a shared operand by
 * position, and with equal positions it pairs them wrongly and gives up (JDK 17; docs/decisions).
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

  private float[][] tile;
  private float[][] block;
  private final float[] factors;
  private final int width;

  /** Empty once the collector has run since the rows were made, and may have moved them. */
  private WeakReference<Object> uncollected;

  private final LoopStart start = new LoopStart();

  /**
   * Rows for tiles of products of the given sizes.
   *
   * @param rows the most output rows of a product
   * @param columns the most columns
   */
  public MatrixRows(int rows, int columns) {
    // One more than a tile, so that the last row of an odd one pairs.
    int height = Math.min(TILE, rows + 1);
    this.width = Math.min(PANEL, columns);
    allocate(height);
    this.factors = new float[height * DEPTH];
  }

  /**
   * Rows whose objects are whole cache lines long and follow each other, nothing between, so that
   * all are aligned alike.
   */
  private void allocate(int height) {
    uncollected = new WeakReference<>(new Object());
    int used = width + 3 * LINE;
    int length = (used + HEADER + LINE - 1) / LINE * LINE - HEADER;
    tile = new float[height][];
    block = new float[DEPTH][];
    for (int i = 0; i < height; i++) {
      tile[i] = new float[length];
    }
    for (int i = 0; i < DEPTH; i++) {
      block[i] = new float[length];
    }
  }

  /** An output row of the tile; its columns begin at {@link #lead}. */
  public float[] row(int index) {
    return tile[index];
  }

  /** A row of the block, to be packed from {@link #lead} on. */
  public float[] inner(int index) {
    return block[index];
  }

  /** The factors of the tile's rows, {@link #DEPTH} for each. */
  public float[] factors() {
    return factors;
  }

  /** Where columns begin in all rows: the same through a task. */
  public int lead() {
    return start.lead();
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

  /** Begins a task: sets {@code width} columns of the tile's first {@code rows} rows. */
  public void begin(int rows, int width, float value) {
    if (rows > 1 && start.isDue(width)) {
      settle(rows, width);
    }
    int lead = start.lead();
    int end = lead + padded(width);
    for (int i = 0; i < rows; i++) {
      Arrays.fill(tile[i], lead, end, value);
    }
  }

  /** Finds the best start, in new rows if the collector has scattered the old ones. */
  private void settle(int rows, int width) {
    long time = start.measure(tile, rows, block, width);
    if (uncollected.get() == null) {
      float[][] oldTile = tile;
      float[][] oldBlock = block;
      allocate(tile.length);
      if (start.measure(tile, rows, block, width) > time) {
        tile = oldTile;
        block = oldBlock;
        start.measure(tile, rows, block, width);
      }
    }
    start.settled();
  }

  /** Columns that a loop runs over: one to reach a cache line, then whole lines. */
  static int padded(int width) {
    return 1 + (width + LINE - 2) / LINE * LINE;
  }

  /**
   * Packs the block from a matrix whose rows lie along the inner dim: {@code inner(k)[lead + n] =
   * source[from + n × stride + k]}.
   *
   * @param depth how many rows
   * @param width how many elements of each
   */
  public void transpose(float[] source, int from, int stride, int depth, int width) {
    int lead = start.lead();
    float[][] rows = block;
    int k = 0;
    for (; k + 8 <= depth; k += 8) {
      transpose8(source, from + k, stride, rows, k, lead, width);
    }
    for (; k < depth; k++) {
      float[] row = rows[k];
      for (int n = lead, at = from + k; n < lead + width; n++, at += stride) {
        row[n] = source[at];
      }
    }
  }

  /**
   * Packs one column of the block: {@code inner(k + i)[lead + n] = source[from + i]}.
   *
   * @param count how many rows, from number {@code k} on
   */
  public void column(float[] source, int from, int k, int count, int n) {
    float[][] rows = block;
    int at = start.lead() + n;
    for (int i = 0; i < count; i++) {
      rows[k + i][at] = source[from + i];
    }
  }

  /**
   * Packs factors from a matrix whose rows lie along the inner dim: {@code factors[m × DEPTH + k] =
   * source[from + k × stride + m]}.
   */
  public void transposeFactors(float[] source, int from, int stride, int depth, int rows) {
    float[] target = factors;
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      int p = from + k * stride;
      int q = p + stride;
      int r = q + stride;
      int s = r + stride;
      for (int m = 0; m < rows; m++) {
        int at = m * DEPTH + k;
        target[at] = source[p + m];
        target[at + 1] = source[q + m];
        target[at + 2] = source[r + m];
        target[at + 3] = source[s + m];
      }
    }
    for (; k < depth; k++) {
      for (int m = 0, p = from + k * stride; m < rows; m++) {
        target[m * DEPTH + k] = source[p + m];
      }
    }
  }

  /** Copies a run of a row as far as the source has it: the rest lies in columns nobody reads. */
  public static void copy(float[] source, int from, float[] target, int at, int length) {
    int present = Math.min(length, source.length - from);
    if (present > 0) {
      System.arraycopy(source, from, target, at, present);
    }
  }

  private static void transpose8(
      float[] source, int from, int stride, float[][] rows, int k, int lead, int width) {
    float[] r0 = rows[k];
    float[] r1 = rows[k + 1];
    float[] r2 = rows[k + 2];
    float[] r3 = rows[k + 3];
    float[] r4 = rows[k + 4];
    float[] r5 = rows[k + 5];
    float[] r6 = rows[k + 6];
    float[] r7 = rows[k + 7];
    for (int n = lead, at = from; n < lead + width; n++, at += stride) {
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
   * Adds a block's products to the tile: {@code row(m)[n] += Σ factors[m × DEPTH + k] ×
   * inner(k)[n]}.
   *
   * @param rows rows of the tile
   * @param depth rows of the block, at most {@link #DEPTH}
   * @param width columns
   */
  public void multiply(int rows, int depth, int width) {
    int lead = start.lead();
    int end = lead + padded(width);
    int m = 0;
    for (; m + 2 <= rows; m += 2) {
      twoRows(lead, end, tile[m], tile[m + 1], block, depth, factors, m * DEPTH);
    }
    if (m < rows) {
      oneRow(lead, end, tile[m], block, depth, factors, m * DEPTH);
    }
  }

  static void twoRows(
      int lead, int end, float[] c0, float[] c1, float[][] b, int depth, float[] a, int from) {
    int k = 0;
    int p = from;
    int q = from + DEPTH;
    for (; k + 4 <= depth; k += 4, p += 4, q += 4) {
      step4x2(
          lead, end, c0, c1, b[k], b[k + 1], b[k + 2], b[k + 3], a[p], a[p + 1], a[p + 2], a[p + 3],
          a[q], a[q + 1], a[q + 2], a[q + 3]);
    }
    for (; k < depth; k++, p++, q++) {
      step1x2(lead, end, c0, c1, b[k], a[p], a[q]);
    }
  }

  private static void oneRow(
      int lead, int end, float[] c, float[][] b, int depth, float[] a, int from) {
    int k = 0;
    int p = from;
    for (; k + 4 <= depth; k += 4, p += 4) {
      step4x1(lead, end, c, b[k], b[k + 1], b[k + 2], b[k + 3], a[p], a[p + 1], a[p + 2], a[p + 3]);
    }
    for (; k < depth; k++, p++) {
      step1x1(lead, end, c, b[k], a[p]);
    }
  }

  static void step4x2(
      int lead,
      int end,
      float[] c0,
      float[] c1,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float a00,
      float a01,
      float a02,
      float a03,
      float a10,
      float a11,
      float a12,
      float a13) {
    for (int j = lead; j < end; j++) {
      float v0 = b0[j];
      float v1 = b1[j];
      float v2 = b2[j];
      float v3 = b3[j];
      c0[j] = Math.fma(a03, v3, Math.fma(a02, v2, Math.fma(a01, v1, Math.fma(a00, v0, c0[j]))));
      c1[j] = Math.fma(v3, a13, Math.fma(v2, a12, Math.fma(v1, a11, Math.fma(v0, a10, c1[j]))));
    }
  }

  private static void step1x2(
      int lead, int end, float[] c0, float[] c1, float[] b0, float a00, float a10) {
    for (int j = lead; j < end; j++) {
      float v0 = b0[j];
      c0[j] = Math.fma(a00, v0, c0[j]);
      c1[j] = Math.fma(v0, a10, c1[j]);
    }
  }

  private static void step4x1(
      int lead,
      int end,
      float[] c,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float a0,
      float a1,
      float a2,
      float a3) {
    for (int j = lead; j < end; j++) {
      c[j] =
          Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j]))));
    }
  }

  private static void step1x1(int lead, int end, float[] c, float[] b0, float a0) {
    for (int j = lead; j < end; j++) {
      c[j] = Math.fma(a0, b0[j], c[j]);
    }
  }
}
