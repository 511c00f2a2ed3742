package org.modelc.runtime.cuda;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.modelc.runtime.nativecode.NativeCode;

/**
 * The native methods of this module, in a library that modelc's own LLVM backend makes for the
 * model's jar, for a Java without {@code java.lang.foreign}.
 */
public final class DriverCalls extends NativeCode {
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
  protected native long address(Buffer buffer);

  @Override
  protected int run(int program, long frame, int worker, int workers) {
    throw new UnsupportedOperationException("the library has no programs");
  }

  /** A buffer over memory that somebody else frees. */
  native ByteBuffer memory(long address, long bytes);

  /**
   * Opens a shared library ({@code dlopen}, {@code LoadLibrary}).
   *
   * @param name the address of its name, ending in a zero byte
   * @return its handle, 0 if there is none
   */
  native long open(long name);

  /** The address of a library's function, 0 if there is none ({@code dlsym}). */
  native long symbol(long library, long name);

  /** Calls a function with eleven arguments or fewer; gives what it leaves in 64 bits. */
  native long call(
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
