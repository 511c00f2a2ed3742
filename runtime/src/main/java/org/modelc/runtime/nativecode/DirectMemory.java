package org.modelc.runtime.nativecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.spec.DType;

/**
 * Memory outside the heap, which native code works in: aligned to {@value #LINE} bytes, in native
 * byte order, freed by the garbage collector.
 */
public final class DirectMemory {
  /** Bytes of a cache line, and of the widest vector. */
  public static final int LINE = 64;

  private DirectMemory() {}

  /**
   * Zeros.
   *
   * @throws ModelcException if there is no room, or for 2 GiB or more
   */
  public static ByteBuffer allocate(long bytes) {
    if (bytes > Integer.MAX_VALUE - 2 * LINE) {
      throw new ModelcException(
          bytes + " bytes in one piece are more than direct memory can hold (2 GiB)",
          "call it with fewer rows at a time");
    }
    try {
      return ByteBuffer.allocateDirect((int) bytes + 2 * LINE)
          .alignedSlice(LINE)
          .slice(0, (int) bytes)
          .order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      throw new ModelcException(
          "there is no room for " + bytes + " bytes of direct memory: " + e.getMessage(),
          "call it with fewer rows at a time, or give the JVM more: -XX:MaxDirectMemorySize=8g",
          e);
    }
  }

  /** Rounds a size up to whole lines. */
  public static long lines(long bytes) {
    return (bytes + LINE - 1) / LINE * LINE;
  }

  /**
   * A view of a memory as elements of a type. By Java's type of the elements: for a switch over our
   * own, javac makes a class that every process would load.
   */
  public static Object view(ByteBuffer memory, DType dtype) {
    Class<?> element = dtype.element();
    if (element == float.class) {
      return memory.asFloatBuffer();
    }
    if (element == byte.class) {
      return memory;
    }
    if (element == int.class) {
      return memory.asIntBuffer();
    }
    if (element == long.class) {
      return memory.asLongBuffer();
    }
    return element == double.class ? memory.asDoubleBuffer() : memory.asShortBuffer();
  }

  /** Copies an array's first elements to the begin of a view of its type. */
  public static void put(Object view, Object array, int size) {
    if (array instanceof float[]) {
      ((java.nio.FloatBuffer) view).put(0, (float[]) array, 0, size);
    } else if (array instanceof int[]) {
      ((java.nio.IntBuffer) view).put(0, (int[]) array, 0, size);
    } else if (array instanceof byte[]) {
      ((ByteBuffer) view).put(0, (byte[]) array, 0, size);
    } else if (array instanceof long[]) {
      ((java.nio.LongBuffer) view).put(0, (long[]) array, 0, size);
    } else if (array instanceof double[]) {
      ((java.nio.DoubleBuffer) view).put(0, (double[]) array, 0, size);
    } else {
      ((java.nio.ShortBuffer) view).put(0, (short[]) array, 0, size);
    }
  }

  /** Copies elements from the begin of a view to that of an array of its type. */
  public static void get(Object view, Object array, int size) {
    if (array instanceof float[]) {
      ((java.nio.FloatBuffer) view).get(0, (float[]) array, 0, size);
    } else if (array instanceof int[]) {
      ((java.nio.IntBuffer) view).get(0, (int[]) array, 0, size);
    } else if (array instanceof byte[]) {
      ((ByteBuffer) view).get(0, (byte[]) array, 0, size);
    } else if (array instanceof long[]) {
      ((java.nio.LongBuffer) view).get(0, (long[]) array, 0, size);
    } else if (array instanceof double[]) {
      ((java.nio.DoubleBuffer) view).get(0, (double[]) array, 0, size);
    } else {
      ((java.nio.ShortBuffer) view).get(0, (short[]) array, 0, size);
    }
  }

  /** An element as a double; bools are 0 or 1. */
  public static double at(ByteBuffer memory, DType dtype, int index) {
    if (dtype.isHalf()) {
      return HalfFloat.value(dtype, memory.getShort(Short.BYTES * index));
    }
    int at = dtype.bytes() * index;
    if (dtype.isFloating()) {
      return dtype == DType.F32 ? memory.getFloat(at) : memory.getDouble(at);
    }
    if (dtype.bytes() == Byte.BYTES) {
      return memory.get(at);
    }
    return dtype == DType.I32 ? memory.getInt(at) : memory.getLong(at);
  }

  /** Writes the first element. */
  public static void setScalar(ByteBuffer memory, DType dtype, double value) {
    if (dtype.isHalf()) {
      memory.putShort(0, HalfFloat.bits(dtype, (float) value));
    } else if (dtype == DType.F32) {
      memory.putFloat(0, (float) value);
    } else if (dtype == DType.F64) {
      memory.putDouble(0, value);
    } else if (dtype == DType.I32) {
      memory.putInt(0, (int) value);
    } else if (dtype == DType.I64) {
      memory.putLong(0, (long) value);
    } else {
      memory.put(0, (byte) value);
    }
  }
}
