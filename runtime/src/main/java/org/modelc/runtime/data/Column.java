package org.modelc.runtime.data;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;

/**
 * A column of a dataset.
 *
 * @param name the name, any text
 * @param type what its values are
 * @param dtype the element type of a tensor column; null for other columns
 * @param shape the shape of one row's tensor, such as [1, 28, 28]; empty for other columns
 */
public record Column(String name, ColumnType type, DType dtype, List<Integer> shape) {
  public Column {
    shape = List.copyOf(shape);
    if ((type == ColumnType.TENSOR) != (dtype != null)) {
      throw new IllegalArgumentException(
          "column " + name + " of type " + type + " has dtype " + dtype);
    }
  }

  public static Column number(String name) {
    return new Column(name, ColumnType.NUMBER, null, List.of());
  }

  public static Column text(String name) {
    return new Column(name, ColumnType.TEXT, null, List.of());
  }

  public static Column bool(String name) {
    return new Column(name, ColumnType.BOOL, null, List.of());
  }

  public static Column tensor(String name, DType dtype, List<Integer> shape) {
    return new Column(name, ColumnType.TENSOR, dtype, shape);
  }

  /** The number of array elements of one row: 1 but for tensors. */
  public int rowSize() {
    int size = 1;
    for (int dim : shape) {
      size = Math.multiplyExact(size, dim);
    }
    return size;
  }

  /** An array for so many rows, filled with zeros or nulls. */
  public Object newArray(int rows) {
    int size = Math.multiplyExact(rows, rowSize());
    return switch (type) {
      case NUMBER, BOOL -> new double[size];
      case TEXT -> new String[size];
      case TENSOR -> Tensor.newArray(dtype, size);
    };
  }

  /** Stores a value of a row, null where it is missing, in an array from {@link #newArray}. */
  void store(Object value, Object values, int row) {
    switch (type) {
      case NUMBER ->
          ((double[]) values)[row] = value == null ? Double.NaN : ((Number) value).doubleValue();
      case TEXT -> ((String[]) values)[row] = (String) value;
      case BOOL ->
          ((double[]) values)[row] = value == null ? Double.NaN : ((Boolean) value) ? 1 : 0;
      case TENSOR -> System.arraycopy(value, 0, values, row * rowSize(), rowSize());
    }
  }

  /** Whether a row has no value. */
  boolean isMissing(Object values, int row) {
    return switch (type) {
      case NUMBER, BOOL -> Double.isNaN(((double[]) values)[row]);
      case TEXT -> ((String[]) values)[row] == null;
      case TENSOR -> false;
    };
  }

  /** A row's value as something that equals what has the same value; a tensor by its elements. */
  Object key(Object values, int row) {
    return switch (type) {
      case NUMBER, BOOL -> (Object) ((double[]) values)[row];
      case TEXT -> ((String[]) values)[row];
      case TENSOR -> elements(values, row);
    };
  }

  private List<Object> elements(Object values, int row) {
    int size = rowSize();
    List<Object> elements = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      elements.add(Array.get(values, row * size + i));
    }
    return elements;
  }

  @Override
  public String toString() {
    return name + ": " + (type == ColumnType.TENSOR ? dtype + shape.toString() : type.toString());
  }
}
