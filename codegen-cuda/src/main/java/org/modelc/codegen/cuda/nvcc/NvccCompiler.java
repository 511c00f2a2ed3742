package org.modelc.codegen.cuda.nvcc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.modelc.codegen.cuda.AssemblerLog;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.DeviceCode;
import org.modelc.codegen.cuda.LeastPtxVersion;
import org.modelc.runtime.ModelcException;

/**
 * NVIDIA's {@code nvcc}, run as a program where it is installed. It makes PTX of the text, and
 * machine code of that PTX, so that both are of one translation.
 */
public final class NvccCompiler implements CudaCompiler {
  private static final String TEXT = "kernels.cu";
  private static final String PTX = "kernels.ptx";
  private static final String CUBIN = "kernels.cubin";

  /** What it says of an architecture that is newer than itself. */
  private static final String UNKNOWN = "Unsupported gpu architecture";

  @Override
  public String name() {
    return NVCC;
  }

  @Override
  public boolean isPresent() {
    return tool().isPresent();
  }

  @Override
  public void requireUsable() {
    required().release();
  }

  private static Optional<NvccTool> tool() {
    return NvccTool.find(System.getenv());
  }

  private static NvccTool required() {
    return tool()
        .orElseThrow(
            () ->
                new ModelcException(
                    "there is no nvcc in CUDA_HOME or on the PATH",
                    "name it: -D" + NvccTool.PROPERTY + "=FILE"));
  }

  @Override
  public DeviceCode compile(String text, int architecture) {
    NvccTool nvcc = required();
    Path folder = null;
    try {
      folder = Files.createTempDirectory("modelc-nvcc");
      Files.writeString(folder.resolve(TEXT), text);
      run(nvcc, folder, architecture, "-ptx", "-std=c++17", "-fmad=false", "-o", PTX, TEXT);
      String ptx = LeastPtxVersion.lowered(Files.readString(folder.resolve(PTX)));
      Files.writeString(folder.resolve(PTX), ptx);
      String log = run(nvcc, folder, architecture, "-cubin", "-Xptxas=-v", "-o", CUBIN, PTX);
      return new DeviceCode(
          ptx, Files.readAllBytes(folder.resolve(CUBIN)), AssemblerLog.resources(log));
    } catch (IOException e) {
      String place = System.getProperty("java.io.tmpdir");
      throw new ModelcException(
          "nvcc's files cannot be written or read in " + place + ": " + e.getMessage(),
          "make room there, or name another folder with -Djava.io.tmpdir=FOLDER");
    } finally {
      delete(folder);
    }
  }

  /** Gives what it said, warnings and the assembler's table. */
  private static String run(NvccTool nvcc, Path folder, int architecture, String... given) {
    List<String> arguments = new ArrayList<>(List.of("-arch=sm_" + architecture));
    arguments.addAll(List.of(given));
    NvccTool.Ended ended = nvcc.run(folder, arguments);
    if (ended.status() == 0) {
      return ended.output();
    }
    if (ended.output().contains(UNKNOWN)) {
      throw new ModelcException(
          nvcc.file() + " of CUDA " + nvcc.release() + " does not know sm_" + architecture,
          "install a newer CUDA toolkit, or leave it out: --gpu names the architectures");
    }
    throw new ModelcException(
        "nvcc does not compile for sm_" + architecture + ":\n" + ended.output());
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // What stays is a file in the temporary directory.
    }
  }
}
