package org.modelc.codegen.llvm.toolchain;

import java.util.List;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.NativePlatform.Format;

/**
 * The small library by which jars built for GPUs call the driver: the native methods of {@code
 * org.modelc.runtime.cuda.DriverCalls}.
 */
public final class DriverGlue {
  private DriverGlue() {}

  /** Whether there is such a library for a platform. */
  public static boolean isFor(NativePlatform platform) {
    return platform.format() == Format.ELF;
  }

  /** The library. */
  public static byte[] library(LlvmToolchain toolchain, NativePlatform platform) {
    if (!isFor(platform)) {
      throw new IllegalArgumentException("there is no launcher for " + platform.text());
    }
    String text = NativeGlue.resource("driver") + NativeGlue.resource("driver-elf");
    return toolchain.library(List.of(toolchain.baseline(text, platform)), platform);
  }
}
