package org.modelc.ir.interpreter;

import java.util.Arrays;
import org.modelc.runtime.spec.DType;

/**
 * A tensor's value in the interpreter: doubles in row-major order whatever the type; integers and
 * booleans (0, 1) are exact.
 *
 * @param dtype the type the elements stand for
 * @param shape static sizes, outermost first
 * @param data the elements
 */
public record Array(DType dtype, int[] shape, double[] data) {
  public Array {
    if (size(shape) != data.length) {
      throw new IllegalArgumentException(
          Arrays.toString(shape) + " has not " + data.length + " elements");
    }
  }

  public static Array f32(int[] shape, double... data) {
    return new Array(DType.F32, shape, data);
  }

  public static Array i32(int[] shape, double... data) {
    return new Array(DType.I32, shape, data);
  }

  public static Array bool(int[] shape, double... data) {
    return new Array(DType.BOOL, shape, data);
  }

  public static Array zeros(DType dtype, int... shape) {
    return new Array(dtype, shape, new double[size(shape)]);
  }

  public int size() {
    return data.length;
  }

  public int rank() {
    return shape.length;
  }

  /** The element at a multi-dimensional index. */
  public double at(int... index) {
    return data[offset(shape, index)];
  }

  public void set(double value, int... index) {
    data[offset(shape, index)] = value;
  }

  /** The row-major offset of an index. */
  public static int offset(int[] shape, int[] index) {
    int offset = 0;
    for (int i = 0; i < shape.length; i++) {
      offset = offset * shape[i] + index[i];
    }
    return offset;
  }

  /** The index at a row-major offset. */
  public static int[] index(int[] shape, int offset) {
    int[] index = new int[shape.length];
    for (int i = shape.length - 1; i >= 0; i--) {
      index[i] = offset % shape[i];
      offset /= shape[i];
    }
    return index;
  }

  public static int size(int[] shape) {
    int size = 1;
    for (int dim : shape) {
      size = Math.multiplyExact(size, dim);
    }
    return size;
  }

  /** These elements as another type, converted as {@code cast} does. */
  public Array withDtype(DType newDtype) {
    return new Array(newDtype, shape, data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Array array
        && dtype == array.dtype
        && Arrays.equals(shape, array.shape)
        && Arrays.equals(data, array.data);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape) + Arrays.toString(data);
  }
}
