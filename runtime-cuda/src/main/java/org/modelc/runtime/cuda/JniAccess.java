package org.modelc.runtime.cuda;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.modelc.runtime.nativecode.DirectMemory;

/** Through the library that a jar carries, which must be loaded. */
final class JniAccess implements DriverAccess {
  static final JniAccess INSTANCE = new JniAccess();

  private final DriverCalls calls = DriverCalls.INSTANCE;

  private JniAccess() {}

  @Override
  public String name() {
    return JNI;
  }

  @Override
  public long[] functions(String library, String... names) {
    long handle = calls.open(calls.address(text(library)));
    if (handle == 0) {
      return null;
    }
    long[] functions = new long[names.length];
    for (int i = 0; i < functions.length; i++) {
      functions[i] = calls.symbol(handle, calls.address(text(names[i])));
    }
    return functions;
  }

  /** A text as C has it. */
  private static ByteBuffer text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return DirectMemory.allocate(bytes.length + 1).put(0, bytes);
  }

  @Override
  public long address(Buffer buffer) {
    return calls.address(buffer);
  }

  @Override
  public ByteBuffer memory(long address, long bytes) {
    return calls.memory(address, bytes);
  }

  @Override
  public long call(
      long function,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g,
      long h,
      long i,
      long j,
      long k) {
    return calls.call(function, a, b, c, d, e, f, g, h, i, j, k);
  }
}
