package org.modelc.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.spec.DType;

/** Tensors as little-endian bytes. */
final class TensorBytes {
  private TensorBytes() {}

  static byte[] encode(Tensor tensor) {
    byte[] bytes = new byte[Math.multiplyExact(tensor.size(), tensor.dtype().bytes())];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    DirectMemory.put(DirectMemory.view(buffer, tensor.dtype()), tensor.array(), tensor.size());
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
}
