package org.modelc.runtime;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.spec.DType;

/**
 * A tensor in memory, in row-major order.
 *
 * @param dtype the element type
 * @param shape the dims, outermost first; empty for a scalar
 * @param values {@code float[]}, {@code double[]}, {@code int[]}, {@code long[]}, {@code byte[]}
 *     (i8, bool) or {@code short[]} (f16, bf16), shared with whoever made the record; or, where
 *     native code runs, a direct {@link ByteBuffer} of exactly the elements' bytes in native order,
 *     see {@link #array}; or, where a device works on the elements, a {@code Supplier} of such
 *     memory, which it brings up to date, and takes to be changed by whoever asks
 */
public record Tensor(DType dtype, List<Integer> shape, Object values) {
  public Tensor {
    shape = List.copyOf(shape);
    long size = size(shape);
    if (!(values instanceof Supplier) && (!fits(dtype, values) || length(dtype, values) != size)) {
      throw new IllegalArgumentException(
          "a tensor "
              + dtype
              + shape
              + " does not lie in a "
              + values.getClass().getSimpleName()
              + " of "
              + length(dtype, values));
    }
  }

  /** The elements: an array or direct memory. */
  @Override
  public Object values() {
    return values instanceof Supplier ? ((Supplier<?>) values).get() : values;
  }

  /** What brings the elements from a device; null if none works on them. */
  public Supplier<?> device() {
    return values instanceof Supplier ? (Supplier<?>) values : null;
  }

  private static boolean fits(DType dtype, Object values) {
    return values instanceof ByteBuffer
        ? ((ByteBuffer) values).isDirect()
        : isArrayOf(dtype, values);
  }

  /** Whether an array carries elements of a type. */
  static boolean isArrayOf(DType dtype, Object array) {
    return array != null && array.getClass().getComponentType() == dtype.element();
  }

  private static int length(DType dtype, Object values) {
    return values instanceof ByteBuffer
        ? ((ByteBuffer) values).capacity() / dtype.bytes()
        : Array.getLength(values);
  }

  /** A tensor of zeros. */
  public static Tensor zeros(DType dtype, List<Integer> shape) {
    return new Tensor(dtype, shape, newArray(dtype, Math.toIntExact(size(shape))));
  }

  /** A tensor of zeros in direct memory, as native code needs it. */
  public static Tensor directZeros(DType dtype, List<Integer> shape) {
    long bytes = Math.multiplyExact(size(shape), (long) dtype.bytes());
    return new Tensor(dtype, shape, DirectMemory.allocate(bytes));
  }

  /** Whether it lies in direct memory. */
  public boolean isDirect() {
    return values instanceof ByteBuffer || values instanceof Supplier;
  }

  /** This tensor if it lies in direct memory, else a copy that does. */
  public Tensor direct() {
    if (isDirect()) {
      return this;
    }
    Tensor copy = directZeros(dtype, shape);
    copy.put(this);
    return copy;
  }

  /** The elements as an array: its own, or a copy if it lies in direct memory. */
  public Object array() {
    if (!isDirect()) {
      return values;
    }
    Object array = newArray(dtype, size());
    DirectMemory.get(view(), array, size());
    return array;
  }

  /**
   * Overwrites the elements, where programs see it.
   *
   * @param source of the same type and size
   */
  public void put(Tensor source) {
    if (source.dtype != dtype || source.size() != size()) {
      throw new IllegalArgumentException("cannot put " + source + " into " + this);
    }
    if (isDirect()) {
      DirectMemory.put(view(), source.array(), size());
    } else {
      System.arraycopy(source.array(), 0, values, 0, size());
    }
  }

  private Object view() {
    return DirectMemory.view((ByteBuffer) values(), dtype);
  }

  /** An array for elements of a type. */
  public static Object newArray(DType dtype, int size) {
    return Array.newInstance(dtype.element(), size);
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
    return values instanceof Supplier ? (int) size(shape) : length(dtype, values);
  }

  /** A tensor of the same contents in an array of its own. */
  public Tensor copy() {
    Tensor copy = zeros(dtype, shape);
    copy.put(this);
    return copy;
  }

  /** Whether all bits are equal. */
  public boolean sameBits(Tensor other) {
    return dtype == other.dtype
        && shape.equals(other.shape)
        && Arrays.equals(encode(), other.encode());
  }

  /** The CRC-32 of the elements' bytes, as eight hexadecimal digits. */
  public String checksum() {
    return Safetensors.crc32(encode());
  }

  /** The elements as little-endian bytes. */
  byte[] encode() {
    byte[] bytes = new byte[Math.multiplyExact(size(), dtype.bytes())];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    DirectMemory.put(DirectMemory.view(buffer, dtype), array(), size());
    return bytes;
  }

  /**
   * A tensor from part of a buffer, whose length the caller has checked.
   *
   * @param direct in direct memory
   */
  static Tensor decode(DType dtype, List<Integer> shape, byte[] bytes, int from, boolean direct) {
    int size = (int) Tensor.size(shape);
    if (direct && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      ByteBuffer memory = DirectMemory.allocate((long) size * dtype.bytes());
      memory.put(0, bytes, from, memory.capacity());
      return new Tensor(dtype, shape, memory);
    }
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes, from, size * dtype.bytes()).slice().order(ByteOrder.LITTLE_ENDIAN);
    Object values = Tensor.newArray(dtype, size);
    DirectMemory.get(DirectMemory.view(buffer, dtype), values, size);
    return new Tensor(dtype, shape, values);
  }

  /** An element as a double; bools are 0 or 1. */
  public double at(int index) {
    if (isDirect()) {
      return DirectMemory.at((ByteBuffer) values(), dtype, index);
    }
    if (dtype.isHalf()) {
      return HalfFloat.value(dtype, ((short[]) values)[index]);
    }
    return Array.getDouble(values, index);
  }

  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
