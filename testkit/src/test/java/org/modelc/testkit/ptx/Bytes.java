package org.modelc.testkit.ptx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Buffers of tests. */
final class Bytes {
  private Bytes() {}

  static byte[] of(float... values) {
    ByteBuffer result = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    result.asFloatBuffer().put(values);
    return result.array();
  }

  static byte[] of(int... values) {
    ByteBuffer result = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    result.asIntBuffer().put(values);
    return result.array();
  }

  static byte[] of(long... values) {
    ByteBuffer result = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    result.asLongBuffer().put(values);
    return result.array();
  }

  static float[] floats(byte[] bytes) {
    float[] result = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(result);
    return result;
  }

  static int[] ints(byte[] bytes) {
    int[] result = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(result);
    return result;
  }

  static long[] longs(byte[] bytes) {
    long[] result = new long[bytes.length / 8];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(result);
    return result;
  }

  static String resource(String name) throws IOException {
    try (InputStream stream = Bytes.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
