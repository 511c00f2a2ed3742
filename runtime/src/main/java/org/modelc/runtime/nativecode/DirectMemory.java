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

  /** A view of a memory as elements of a type. */
  public static Object view(ByteBuffer memory, DType dtype) {
    return switch (dtype) {
      case F32 -> memory.asFloatBuffer();
      case F64 -> memory.asDoubleBuffer();
      case I32 -> memory.asIntBuffer();
      case I64 -> memory.asLongBuffer();
      case I8, BOOL -> memory;
      case F16, BF16 -> memory.asShortBuffer();
    };
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
    return switch (dtype) {
      case F32 -> memory.getFloat(Float.BYTES * index);
      case F64 -> memory.getDouble(Double.BYTES * index);
      case I32 -> memory.getInt(Integer.BYTES * index);
      case I64 -> memory.getLong(Long.BYTES * index);
      case I8, BOOL -> memory.get(index);
      case F16, BF16 -> HalfFloat.value(dtype, memory.getShort(Short.BYTES * index));
    };
  }

  /** Writes the first element. */
  public static void setScalar(ByteBuffer memory, DType dtype, double value) {
    switch (dtype) {
      case F32 -> memory.putFloat(0, (float) value);
      case F64 -> memory.putDouble(0, value);
      case I32 -> memory.putInt(0, (int) value);
      case I64 -> memory.putLong(0, (long) value);
      case I8, BOOL -> memory.put(0, (byte) value);
      case F16, BF16 -> memory.putShort(0, HalfFloat.bits(dtype, (float) value));
    }
  }
}
