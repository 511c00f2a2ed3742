package org.modelc.codegen.llvm.toolchain;

/** LLVM refused what a backend gave it: a bug of ours, never a mistake in a model. */
public final class LlvmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LlvmException(String message) {
    super(message);
  }
}
