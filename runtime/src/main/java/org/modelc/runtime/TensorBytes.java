package org.modelc.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.modelc.runtime.spec.DType;

/** Tensors as little-endian bytes. */
final class TensorBytes {
  private TensorBytes() {}

  static byte[] encode(Tensor tensor) {
    Object values = tensor.array();
    byte[] bytes = new byte[Math.multiplyExact(tensor.size(), tensor.dtype().bytes())];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (tensor.dtype()) {
      case F32 -> buffer.asFloatBuffer().put((float[]) values);
      case F64 -> buffer.asDoubleBuffer().put((double[]) values);
      case I32 -> buffer.asIntBuffer().put((int[]) values);
      case I64 -> buffer.asLongBuffer().put((long[]) values);
      case I8, BOOL -> buffer.put((byte[]) values);
      case BF16 -> buffer.asShortBuffer().put((short[]) values);
    }
    return bytes;
  }

  /** A tensor from part of a buffer, whose length the caller has checked. */
  static Tensor decode(DType dtype, List<Integer> shape, byte[] bytes, int from) {
    int size = (int) Tensor.size(shape);
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes, from, size * dtype.bytes()).slice().order(ByteOrder.LITTLE_ENDIAN);
    Object values = Tensor.newArray(dtype, size);
    switch (dtype) {
      case F32 -> buffer.asFloatBuffer().get((float[]) values);
      case F64 -> buffer.asDoubleBuffer().get((double[]) values);
      case I32 -> buffer.asIntBuffer().get((int[]) values);
      case I64 -> buffer.asLongBuffer().get((long[]) values);
      case I8, BOOL -> buffer.get((byte[]) values);
      case BF16 -> buffer.asShortBuffer().get((short[]) values);
    }
    return new Tensor(dtype, shape, values);
  }
}
