package org.modelc.runtime.data;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Flattens {@code float[rows][…]} to one array. */
final class NestedArrays {
  private NestedArrays() {}

  /** The shape of the first row. */
  static List<Integer> rowShape(String name, Object[] rows) {
    if (rows.length == 0) {
      throw new DataException(
          "column `" + name + "` has no rows, so no shape", "give at least one row");
    }
    List<Integer> shape = new ArrayList<>();
    Object inner = rows[0];
    while (inner != null && inner.getClass().isArray()) {
      int length = Array.getLength(inner);
      shape.add(length);
      inner = length == 0 || !(inner instanceof Object[]) ? null : ((Object[]) inner)[0];
    }
    return shape;
  }

  /** All rows one after another. */
  static float[] flatten(String name, Object[] rows, List<Integer> shape) {
    int rowSize = 1;
    for (int dim : shape) {
      rowSize *= dim;
    }
    float[] flat = new float[Math.multiplyExact(rows.length, rowSize)];
    for (int i = 0; i < rows.length; i++) {
      copy(name, rows[i], shape, 0, flat, i * rowSize, rowSize);
    }
    return flat;
  }

  private static void copy(
      String name, Object from, List<Integer> shape, int axis, float[] flat, int at, int size) {
    if (from == null || !from.getClass().isArray() || Array.getLength(from) != shape.get(axis)) {
      throw new DataException(
          "column `" + name + "` has rows of different shapes", "the first row's is " + shape);
    }
    if (from instanceof float[]) {
      System.arraycopy(from, 0, flat, at, size);
      return;
    }
    if (!(from instanceof Object[])) {
      throw new DataException("column `" + name + "` nests other arrays than float[]", "");
    }
    Object[] parts = (Object[]) from;
    int part = size / parts.length;
    for (int i = 0; i < parts.length; i++) {
      copy(name, parts[i], shape, axis + 1, flat, at + i * part, part);
    }
  }
}
