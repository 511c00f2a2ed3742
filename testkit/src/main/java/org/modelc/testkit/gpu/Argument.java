package org.modelc.testkit.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One argument of a kernel: bytes, in which addresses of buffers stand at some places.
 *
 * @param bytes the value, little-endian, zero where addresses will be written
 * @param addresses which buffers' addresses stand in it
 */
public record Argument(byte[] bytes, List<Address> addresses) {
  /**
   * An address within an argument.
   *
   * @param at its place in the argument, in bytes
   * @param buffer the number of the buffer
   * @param offset from the buffer's start, in bytes
   */
  public record Address(int at, int buffer, long offset) {}

  /** The address of a buffer. */
  public static Argument buffer(int buffer) {
    return buffer(buffer, 0);
  }

  /** An address within a buffer. */
  public static Argument buffer(int buffer, long offset) {
    return new Argument(new byte[Long.BYTES], List.of(new Address(0, buffer, offset)));
  }

  /** An int. */
  public static Argument of(int value) {
    return new Argument(bytes(Integer.BYTES).putInt(value).array(), List.of());
  }

  /** A long long. */
  public static Argument of(long value) {
    return new Argument(bytes(Long.BYTES).putLong(value).array(), List.of());
  }

  /** A float. */
  public static Argument of(float value) {
    return new Argument(bytes(Float.BYTES).putFloat(value).array(), List.of());
  }

  /** A double. */
  public static Argument of(double value) {
    return new Argument(bytes(Double.BYTES).putDouble(value).array(), List.of());
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }
}
