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

  // No switch over the types: javac makes a class for it, which every process would load.

  /** An array for so many rows, filled with zeros or nulls. */
  public Object newArray(int rows) {
    int size = Math.multiplyExact(rows, rowSize());
    if (type == ColumnType.TENSOR) {
      return Tensor.newArray(dtype, size);
    }
    return type == ColumnType.TEXT ? new String[size] : new double[size];
  }

  /** Stores a value of a row, null where it is missing, in an array from {@link #newArray}. */
  void store(Object value, Object values, int row) {
    if (type == ColumnType.TENSOR) {
      System.arraycopy(value, 0, values, row * rowSize(), rowSize());
    } else if (type == ColumnType.TEXT) {
      ((String[]) values)[row] = (String) value;
    } else if (value == null) {
      ((double[]) values)[row] = Double.NaN;
    } else {
      boolean isBool = type == ColumnType.BOOL;
      ((double[]) values)[row] =
          isBool ? ((Boolean) value ? 1 : 0) : ((Number) value).doubleValue();
    }
  }

  /** Whether a row has no value. */
  boolean isMissing(Object values, int row) {
    if (type == ColumnType.TENSOR) {
      return false;
    }
    return type == ColumnType.TEXT
        ? ((String[]) values)[row] == null
        : Double.isNaN(((double[]) values)[row]);
  }

  /** A row's value as something that equals what has the same value; a tensor by its elements. */
  Object key(Object values, int row) {
    if (type == ColumnType.TENSOR) {
      return elements(values, row);
    }
    return type == ColumnType.TEXT ? ((String[]) values)[row] : (Object) ((double[]) values)[row];
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
