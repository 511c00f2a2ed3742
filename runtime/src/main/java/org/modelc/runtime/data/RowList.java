package org.modelc.runtime.data;

import java.util.Arrays;

/** A growing list of row numbers. */
final class RowList {
  private int[] rows = new int[16];
  private int size;

  void add(int row) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
    }
    rows[size++] = row;
  }

  void add(int[] more, int from, int to) {
    for (int i = from; i < to; i++) {
      add(more[i]);
    }
  }

  int size() {
    return size;
  }

  int[] sorted() {
    int[] sorted = Arrays.copyOf(rows, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
