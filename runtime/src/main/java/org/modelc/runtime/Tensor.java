package org.modelc.runtime;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import org.modelc.runtime.spec.DType;

/**
 * A tensor in memory: one primitive array in row-major order.
 *
 * @param dtype the element type
 * @param shape the dims, outermost first; empty for a scalar
 * @param values {@code float[]}, {@code double[]}, {@code int[]}, {@code long[]}, {@code byte[]}
 *     (i8, bool) or {@code short[]} (bf16), shared with whoever made the record
 */
public record Tensor(DType dtype, List<Integer> shape, Object values) {
  public Tensor {
    shape = List.copyOf(shape);
    long size = size(shape);
    if (values.getClass() != newArray(dtype, 0).getClass() || Array.getLength(values) != size) {
      throw new IllegalArgumentException(
          "a tensor "
              + dtype
              + shape
              + " does not lie in a "
              + values.getClass().getSimpleName()
              + " of "
              + Array.getLength(values));
    }
  }

  /** A tensor of zeros. */
  public static Tensor zeros(DType dtype, List<Integer> shape) {
    return new Tensor(dtype, shape, newArray(dtype, Math.toIntExact(size(shape))));
  }

  /** An array for elements of a type. */
  public static Object newArray(DType dtype, int size) {
    return switch (dtype) {
      case F32 -> new float[size];
      case F64 -> new double[size];
      case I32 -> new int[size];
      case I64 -> new long[size];
      case I8, BOOL -> new byte[size];
      case BF16 -> new short[size];
    };
  }

  /** The number of elements of a shape. */
  public static long size(List<Integer> shape) {
    long size = 1;
    for (int dim : shape) {
      size = Math.multiplyExact(size, dim);
    }
    return size;
  }

  /** The number of elements. */
  public int size() {
    return Array.getLength(values);
  }

  /** A tensor of the same contents in an array of its own. */
  public Tensor copy() {
    int size = size();
    Object copy = newArray(dtype, size);
    System.arraycopy(values, 0, copy, 0, size);
    return new Tensor(dtype, shape, copy);
  }

  /** Whether all bits are equal. */
  public boolean sameBits(Tensor other) {
    return dtype == other.dtype
        && shape.equals(other.shape)
        && Arrays.equals(TensorBytes.encode(this), TensorBytes.encode(other));
  }

  /** The CRC-32 of the elements' bytes, as eight hexadecimal digits. */
  public String checksum() {
    return Safetensors.crc32(TensorBytes.encode(this));
  }

  /** An element as a double; bools are 0 or 1. */
  public double at(int index) {
    if (dtype == DType.BF16) {
      return Float.intBitsToFloat(((short[]) values)[index] << 16);
    }
    return Array.getDouble(values, index);
  }

  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
