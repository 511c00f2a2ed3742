package org.modelc.runtime.cuda;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.nativecode.NativeCode;

/**
 * The native methods of this module, in a library that modelc's own LLVM backend makes for the
 * model's jar, for a Java without {@code java.lang.foreign}.
 */
public final class DriverCalls extends NativeCode implements DriverAccess {
  /** The one instance: a library is loaded once in a class loader. */
  public static final DriverCalls INSTANCE = new DriverCalls();

  private DriverCalls() {}

  @Override
  protected void load(String path) {
    System.load(path);
  }

  /** Any processor of the architecture will do. */
  @Override
  protected int level() {
    return 1;
  }

  @Override
  protected void select(int level) {}

  @Override
  public String name() {
    return JNI;
  }

  @Override
  public long[] functions(String library, String... names) {
    long handle = open(address(text(library)));
    if (handle == 0) {
      return null;
    }
    long[] functions = new long[names.length];
    for (int i = 0; i < functions.length; i++) {
      functions[i] = symbol(handle, address(text(names[i])));
    }
    return functions;
  }

  /** A text as C has it. */
  private static ByteBuffer text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return DirectMemory.allocate(bytes.length + 1).put(0, bytes);
  }

  @Override
  public native long address(Buffer buffer);

  @Override
  protected int run(int program, long frame, int worker, int workers) {
    throw new UnsupportedOperationException("the library has no programs");
  }

  @Override
  public native ByteBuffer memory(long address, long bytes);

  /**
   * Opens a shared library ({@code dlopen}, {@code LoadLibrary}).
   *
   * @param name the address of its name, ending in a zero byte
   * @return its handle, 0 if there is none
   */
  private native long open(long name);

  /** The address of a library's function, 0 if there is none ({@code dlsym}). */
  private native long symbol(long library, long name);

  @Override
  public native long call(
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
      long k);
}
