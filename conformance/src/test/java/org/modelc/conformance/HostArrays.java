package org.modelc.conformance;

import java.util.Arrays;
import org.modelc.ir.interpreter.Array;
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
      case BF16:
        short[] shorts = new short[size];
        Arrays.fill(shorts, (short) 0x7fc0);
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
  static void fill(Object host, double[] elements) {
    DType dtype = host instanceof short[] ? DType.BF16 : DType.F64;
    fill(host, elements, dtype);
  }

  private static void fill(Object host, double[] elements, DType dtype) {
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
    } else if (dtype == DType.BF16) {
      int bits = Float.floatToRawIntBits((float) value);
      boolean finite = Float.isFinite((float) value);
      ((short[]) host)[i] = (short) ((finite ? bits + 0x7fff + (bits >>> 16 & 1) : bits) >>> 16);
    }
  }

  static Array toArray(DType dtype, int[] shape, Object host) {
    Array array = Array.zeros(dtype, shape);
    for (int i = 0; i < array.size(); i++) {
      array.data()[i] = get(host, i);
    }
    return array;
  }

  private static double get(Object host, int i) {
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
    return Float.intBitsToFloat(((short[]) host)[i] << 16);
  }
}
