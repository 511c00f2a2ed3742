package org.modelc.conformance;

import java.nio.Buffer;
import org.modelc.runtime.nativecode.NativeCode;

/** The native methods of a library of tests; defined anew for each library. */
public final class NativeMethods extends NativeCode implements NativeCalls {
  @Override
  public void load(String path) {
    System.load(path);
  }

  @Override
  public native int level();

  @Override
  public native void select(int level);

  @Override
  public native long address(Buffer buffer);

  @Override
  public native int run(int program, long frame, int worker, int workers);
}
