package org.modelc.runtime.train;

import java.lang.reflect.Array;
import java.util.Arrays;
import org.modelc.runtime.RowInputs;
import org.modelc.runtime.data.Dataset;

/**
 * Looks for rows of one part of the data that are equal to training rows in all that the loss
 * reads. A few are chance or duplicates; if most are, the part is training data under another name.
 * Where training rows repeat each other, rows have few values to choose from and equal ones mean
 * nothing.
 */
final class RepeatedRows {
  private static final int SAMPLES = 500;
  private static final int FEWEST = 20;

  private final Examples train;
  private final RowInputs inputs;
  private final TrainingListener listener;
  private long[] known;

  RepeatedRows(Examples train, RowInputs inputs, TrainingListener listener) {
    this.train = train;
    this.inputs = inputs;
    this.listener = listener;
  }

  /**
   * Checks a part; null and small ones pass.
   *
   * @param part what to call it
   * @throws TrainingException if half of its rows are training rows
   */
  void check(String part, Dataset data) {
    if (data == null || data.size() < FEWEST || !train.inMemory()) {
      return;
    }
    int count = Math.min(SAMPLES, data.size());
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = (int) ((long) i * data.size() / count);
    }
    int repeated = 0;
    for (long hash : hashes(inputs.of(data.read(rows, inputs.columns())), count)) {
      repeated += Arrays.binarySearch(known(), hash) >= 0 ? 1 : 0;
    }
    if (distinct(known()) > 0.9 * train.size()) {
      report(part, repeated, count);
    }
  }

  private static int distinct(long[] sorted) {
    int distinct = 0;
    for (int i = 0; i < sorted.length; i++) {
      distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    return distinct;
  }

  private void report(String part, int repeated, int count) {
    String what = repeated + " of " + count + " " + part + " rows looked at";
    if (2 * repeated >= count) {
      throw new TrainingException(
          what + " are equal to training rows",
          "what is measured on them says nothing about new data: are both read from one file?");
    }
    if (50 * repeated > count) {
      listener.warning(what + " are equal to training rows; `drop duplicates` keeps them apart");
    }
  }

  private long[] known() {
    if (known == null) {
      known = new long[train.size()];
      Object[] arrays = train.newArrays(1024);
      for (int from = 0; from < known.length; from += 1024) {
        int[] rows = Dataset.range(from, Math.min(known.length, from + 1024));
        train.read(rows, arrays);
        System.arraycopy(hashes(arrays, rows.length), 0, known, from, rows.length);
      }
      Arrays.sort(known);
    }
    return known;
  }

  private long[] hashes(Object[] arrays, int rows) {
    long[] hashes = new long[rows];
    for (int i = 0; i < arrays.length; i++) {
      int size = inputs.inputs().get(i).rowSize();
      for (int row = 0; row < rows; row++) {
        hashes[row] = hash(hashes[row], arrays[i], row * size, size);
      }
    }
    return hashes;
  }

  private static long hash(long seed, Object array, int from, int size) {
    long hash = seed;
    for (int i = from; i < from + size; i++) {
      long bits =
          array instanceof float[]
              ? Float.floatToIntBits(((float[]) array)[i])
              : Double.doubleToLongBits(Array.getDouble(array, i));
      hash = (hash ^ bits) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
