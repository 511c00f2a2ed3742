package org.modelc.runtime.data;

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

  @Override
  public String toString() {
    return name + ": " + (type == ColumnType.TENSOR ? dtype + shape.toString() : type.toString());
  }
}
