package org.modelc.codegen.llvm.toolchain;

import java.nio.Buffer;

/** {@link HarnessCode} as the tests' own class loader sees it. */
public interface HarnessCalls {
  void load(String path);

  int level();

  void select(int level);

  long address(Buffer buffer);

  int run(int program, long frame, int worker, int workers);
}
