package org.modelc.conformance;

import java.nio.ByteBuffer;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.spec.DType;

/** Interpreter arrays as the direct memory of native programs, and back. */
final class NativeArrays {
  private NativeArrays() {}

  /** Elements as stored; one element stands for all. */
  static ByteBuffer of(DType dtype, double[] elements, int size) {
    ByteBuffer memory = NativeLibrary.memory((long) size * dtype.bytes());
    for (int i = 0; i < size; i++) {
      put(memory, dtype, i, elements[elements.length == 1 ? 0 : i]);
    }
    return memory;
  }

  /** Memory that no program may read before it has written it: NaN, or an odd number. */
  static ByteBuffer garbage(DType dtype, int size) {
    ByteBuffer memory = NativeLibrary.memory((long) size * dtype.bytes());
    for (int i = 0; i < memory.capacity(); i++) {
      memory.put(i, (byte) (dtype == DType.BOOL ? 1 : 0xff));
    }
    return memory;
  }

  private static void put(ByteBuffer memory, DType dtype, int i, double value) {
    int at = i * dtype.bytes();
    switch (dtype) {
      case F32 -> memory.putFloat(at, (float) value);
      case F64 -> memory.putDouble(at, value);
      case F16, BF16 -> memory.putShort(at, HalfFloat.bits(dtype, (float) value));
      case I8, BOOL -> memory.put(at, (byte) value);
      case I32 -> memory.putInt(at, (int) value);
      case I64 -> memory.putLong(at, (long) value);
    }
  }

  static Array toArray(DType dtype, int[] shape, ByteBuffer memory) {
    Array array = Array.zeros(dtype, shape);
    for (int i = 0; i < array.size(); i++) {
      array.data()[i] = get(memory, dtype, i * dtype.bytes());
    }
    return array;
  }

  private static double get(ByteBuffer memory, DType dtype, int at) {
    return switch (dtype) {
      case F32 -> memory.getFloat(at);
      case F64 -> memory.getDouble(at);
      case F16, BF16 -> HalfFloat.value(dtype, memory.getShort(at));
      case I8, BOOL -> memory.get(at);
      case I32 -> memory.getInt(at);
      case I64 -> memory.getLong(at);
    };
  }
}
