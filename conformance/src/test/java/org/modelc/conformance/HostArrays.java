package org.modelc.conformance;

import java.util.Arrays;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.spec.DType;

/** Interpreter arrays as the primitive arrays of compiled programs, and back. */
final class HostArrays {
  private HostArrays() {}

  static Object of(Array array) {
    Object host = filledWithGarbage(array.dtype(), array.size());
    fill(host, array.data(), array.dtype());
    return host;
  }

  /** Memory that no program may read before it has written it. */
  static Object filledWithGarbage(DType dtype, int size) {
    switch (dtype) {
      case F32:
        float[] floats = new float[size];
        Arrays.fill(floats, Float.NaN);
        return floats;
      case F64:
        double[] doubles = new double[size];
        Arrays.fill(doubles, Double.NaN);
        return doubles;
      case F16:
      case BF16:
        short[] shorts = new short[size];
        Arrays.fill(shorts, HalfFloat.bits(dtype, Float.NaN));
        return shorts;
      case I8:
      case BOOL:
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) (dtype == DType.BOOL ? 1 : 0x5a));
        return bytes;
      case I32:
        int[] ints = new int[size];
        Arrays.fill(ints, 0x5a5a5a5a);
        return ints;
      case I64:
        long[] longs = new long[size];
        Arrays.fill(longs, 0x5a5a5a5a5a5a5a5aL);
        return longs;
    }
    throw new AssertionError(dtype);
  }

  /** Fills an array from a constant: one element for all, or each its own. */
  static void fill(Object host, double[] elements, DType dtype) {
    int size = java.lang.reflect.Array.getLength(host);
    for (int i = 0; i < size; i++) {
      set(host, i, elements[elements.length == 1 ? 0 : i], dtype);
    }
  }

  private static void set(Object host, int i, double value, DType dtype) {
    if (host instanceof float[] floats) {
      floats[i] = (float) value;
    } else if (host instanceof double[] doubles) {
      doubles[i] = value;
    } else if (host instanceof int[] ints) {
      ints[i] = (int) value;
    } else if (host instanceof long[] longs) {
      longs[i] = (long) value;
    } else if (host instanceof byte[] bytes) {
      bytes[i] = (byte) value;
    } else {
      ((short[]) host)[i] = HalfFloat.bits(dtype, (float) value);
    }
  }

  static Array toArray(DType dtype, int[] shape, Object host) {
    Array array = Array.zeros(dtype, shape);
    for (int i = 0; i < array.size(); i++) {
      array.data()[i] = get(host, i, dtype);
    }
    return array;
  }

  private static double get(Object host, int i, DType dtype) {
    if (host instanceof float[] floats) {
      return floats[i];
    } else if (host instanceof double[] doubles) {
      return doubles[i];
    } else if (host instanceof int[] ints) {
      return ints[i];
    } else if (host instanceof long[] longs) {
      return longs[i];
    } else if (host instanceof byte[] bytes) {
      return bytes[i];
    }
    return HalfFloat.value(dtype, ((short[]) host)[i]);
  }
}
