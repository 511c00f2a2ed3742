package org.modelc.conformance.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.DeviceCode;
import org.modelc.codegen.cuda.LeastPtxVersion;
import org.modelc.testkit.fiber.FiberCompiler;

/**
 * In the place of NVRTC: images that name a library of the same text, which the mock driver runs.
 * {@code -Dmodelc.cuda.compiler=fiber} takes it.
 */
public final class FiberCudaCompiler implements CudaCompiler {
  static final String FIBER = "fiber";

  /** The system property that names a folder for the libraries, which else go with the process. */
  static final String FOLDER = "modelc.cuda.compiler.folder";

  /** The system property that has machine code made for another architecture than asked for. */
  static final String CUBIN = "modelc.cuda.compiler.cubin";

  private static final int ELF_MAGIC = 0x464c457f;
  private static final int ELF_ABI_VERSION = 8;
  private static final int ELF_MACHINE = 18;
  private static final int ELF_SECTIONS = 40;
  private static final int ELF_FLAGS = 48;
  private static final int ELF_HEADER = 64;
  private static final int CUDA = 190;

  private static final Map<String, Path> COMPILED = new HashMap<>();
  private static FiberCompiler compiler;

  @Override
  public String name() {
    return FIBER;
  }

  @Override
  public DeviceCode compile(String text, int architecture) {
    String fiber = "// fiber " + library(text) + "\n";
    String ptx = ".version 8.8\n.target sm_" + architecture + "\n" + fiber;
    return new DeviceCode(
        LeastPtxVersion.lowered(ptx),
        cubin(Integer.getInteger(CUBIN, architecture), fiber),
        List.of());
  }

  /**
   * An ELF header as NVRTC's cubins have it, and a text after it. Flags tell the architecture: in
   * their lowest byte, from sm_100 on, whose ABI is of version 8, in the next.
   */
  private static byte[] cubin(int architecture, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    boolean isNew = architecture >= 100;
    ByteBuffer elf = ByteBuffer.allocate(ELF_HEADER + content.length);
    elf.order(ByteOrder.LITTLE_ENDIAN).putInt(ELF_MAGIC).putInt(0x010102);
    elf.put(ELF_ABI_VERSION, (byte) (isNew ? 8 : 7)).putShort(ELF_MACHINE, (short) CUDA);
    elf.putLong(ELF_SECTIONS, elf.capacity());
    elf.putInt(ELF_FLAGS, isNew ? architecture << 8 : architecture);
    return elf.put(ELF_HEADER, content).array();
  }

  /** Tests compile some models several times. */
  private static synchronized Path library(String text) {
    try {
      if (compiler == null) {
        compiler = new FiberCompiler(folder());
      }
      Path known = COMPILED.get(text);
      if (known == null) {
        known = compiler.library(text);
        COMPILED.put(text, known);
      }
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() throws IOException {
    String given = System.getProperty(FOLDER);
    if (given != null) {
      return Path.of(given);
    }
    Path folder = Files.createTempDirectory("fiber");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    return folder;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // What stays is a file in the temporary directory.
    }
  }
}
