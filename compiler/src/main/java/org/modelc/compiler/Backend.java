package org.modelc.compiler;

import java.util.Locale;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.runtime.ModelcException;

/** What runs a model's programs; every jar has the bytecode besides. */
public enum Backend {
  /** Native code through LLVM. */
  NATIVE,
  /** Java bytecode. */
  JVM,
  /** NVIDIA GPUs; bytecode where there is none. */
  CUDA;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Native code where LLVM for this machine is on the class path. */
  public static Backend preferred() {
    return NativeSupport.present() ? NATIVE : JVM;
  }

  /**
   * This backend.
   *
   * @throws ModelcException if it needs what is not on the class path
   */
  Backend required() {
    if (this == NATIVE && !NativeSupport.present()) {
      throw new ModelcException(
          "native code needs LLVM, which is not on the class path for this machine",
          "add org.bytedeco:llvm with the classifier of this machine, or use --backend jvm");
    }
    if (this == CUDA) {
      CudaCompiler.required();
      if (!NativeSupport.present()) {
        throw new ModelcException(
            "a jar for GPUs calls the driver by a library that LLVM makes, and LLVM is not on the class"
                + " path for this machine",
            "add org.bytedeco:llvm with the classifier of this machine");
      }
    }
    return this;
  }
}
