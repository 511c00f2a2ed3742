package org.modelc.codegen.cuda.nvrtc;

import java.io.IOException;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.modelc.codegen.cuda.AssemblerLog;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.DeviceCode;
import org.modelc.codegen.cuda.LeastPtxVersion;
import org.modelc.runtime.ModelcException;

/**
 * NVRTC. The presets link it with the driver's library, which machines without a GPU lack and which
 * compiling does not call: there an empty one stands in.
 */
public final class NvrtcCompiler implements CudaCompiler {
  private static final String DRIVER = "libcuda.so.1";

  static {
    loadDriver();
  }

  /** A function of NVRTC that gives 0, or the number of an error. */
  @FunctionalInterface
  private interface Sized {
    int of(_nvrtcProgram program, SizeTPointer bytes);
  }

  @FunctionalInterface
  private interface Filled {
    int of(_nvrtcProgram program, BytePointer bytes);
  }

  /** Loads the driver's library, or what stands in for it. */
  private static void loadDriver() {
    try {
      Loader.loadGlobal(DRIVER);
    } catch (UnsatisfiedLinkError missing) {
      try {
        EmptyLibrary.load(DRIVER);
      } catch (IOException e) {
        throw new ModelcException(
            "a stand-in for " + DRIVER + " cannot be written: " + e.getMessage(),
            "make room in " + System.getProperty("java.io.tmpdir"));
      }
    }
  }

  @Override
  public String name() {
    return NVRTC;
  }

  @Override
  public DeviceCode compile(String text, int architecture) {
    _nvrtcProgram program = new _nvrtcProgram();
    try (BytePointer source = new BytePointer(text);
        BytePointer name = new BytePointer("kernels.cu");
        PointerPointer<BytePointer> options = new PointerPointer<>(options(architecture))) {
      PointerPointer<?> none = null;
      check(nvrtc.nvrtcCreateProgram(program, source, name, 0, none, none));
      int status = nvrtc.nvrtcCompileProgram(program, options(architecture).length, options);
      String log = read(program, nvrtc::nvrtcGetProgramLogSize, nvrtc::nvrtcGetProgramLog);
      if (status != 0) {
        throw new ModelcException("NVRTC does not compile for sm_" + architecture + ":\n" + log);
      }
      String ptx = read(program, nvrtc::nvrtcGetPTXSize, nvrtc::nvrtcGetPTX);
      return new DeviceCode(
          LeastPtxVersion.lowered(ptx), cubin(program), AssemblerLog.resources(log));
    } finally {
      nvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static String[] options(int architecture) {
    return new String[] {
      "-arch=sm_" + architecture, "-std=c++17", "-fmad=false", "--ptxas-options=-v"
    };
  }

  private static byte[] cubin(_nvrtcProgram program) {
    try (SizeTPointer size = new SizeTPointer(1)) {
      check(nvrtc.nvrtcGetCUBINSize(program, size));
      byte[] bytes = new byte[(int) size.get()];
      check(nvrtc.nvrtcGetCUBIN(program, bytes));
      return bytes;
    }
  }

  private static String read(_nvrtcProgram program, Sized sized, Filled filled) {
    try (SizeTPointer size = new SizeTPointer(1)) {
      check(sized.of(program, size));
      try (BytePointer bytes = new BytePointer(size.get())) {
        check(filled.of(program, bytes));
        // Without the zero byte at the end, which is counted.
        return bytes.limit(size.get() - 1).getString();
      }
    }
  }

  private static void check(int status) {
    if (status != 0) {
      throw new IllegalStateException("NVRTC: " + nvrtc.nvrtcGetErrorString(status).getString());
    }
  }
}
