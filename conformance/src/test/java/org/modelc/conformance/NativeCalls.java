package org.modelc.conformance;

import java.nio.Buffer;

/** {@link NativeMethods} as the tests' own class loader sees it. */
public interface NativeCalls {
  void load(String path);

  int level();

  void select(int level);

  long address(Buffer buffer);

  int run(int program, long frame, int worker, int workers);
}
