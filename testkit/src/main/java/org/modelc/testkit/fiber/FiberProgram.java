package org.modelc.testkit.fiber;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/** Kernels that a process of their own runs; {@link FiberCompiler} makes them. */
public final class FiberProgram {
  /** LeakSanitizer needs to trace the process, which containers forbid. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("ASAN_OPTIONS", "detect_leaks=0", "TSAN_OPTIONS", "halt_on_error=1");

  private final Path program;

  FiberProgram(Path program) {
    this.program = program;
  }

  /**
   * What a run left.
   *
   * @param buffers what the buffers hold; empty after a problem
   * @param problem why the process ended before its end (a sanitizer's report, a divergent barrier,
   *     lanes that wait in vain), or null
   */
  public record Results(List<byte[]> buffers, String problem) {}

  /**
   * Runs launches one after the other.
   *
   * @param buffers device memory by number; not changed
   * @param seed of the order of warps and lanes; 0 is the order of their numbers
   */
  public Results run(List<byte[]> buffers, List<Launch> launches, long seed) throws IOException {
    Path cases = program.resolveSibling("cases");
    Path results = program.resolveSibling("results");
    Files.deleteIfExists(results);
    Files.write(cases, new Cases().write(buffers, launches, seed));
    ChildProcess.Ended ended =
        ChildProcess.run(
            List.of(program.toString(), cases.toString(), results.toString()), ENVIRONMENT);
    if (ended.status() != 0) {
      return new Results(List.of(), "status " + ended.status() + ": " + ended.output());
    }
    return new Results(split(Files.readAllBytes(results), buffers), null);
  }

  private static List<byte[]> split(byte[] written, List<byte[]> buffers) {
    List<byte[]> result = new ArrayList<>();
    ByteBuffer source = ByteBuffer.wrap(written);
    for (byte[] buffer : buffers) {
      byte[] bytes = new byte[buffer.length];
      source.get(bytes);
      result.add(bytes);
    }
    return result;
  }

  /** Writes the file of cases that fiber_main.cpp reads. */
  private static final class Cases {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] write(List<byte[]> buffers, List<Launch> launches, long seed) {
      number(buffers.size());
      buffers.forEach(this::padded);
      number(launches.size());
      for (Launch launch : launches) {
        padded(launch.kernel().getBytes(StandardCharsets.UTF_8));
        extent(launch.grid());
        extent(launch.block());
        number(launch.dynamicSharedBytes());
        number(seed);
        number(launch.arguments().size());
        launch.arguments().forEach(this::argument);
      }
      return out.toByteArray();
    }

    private void argument(Argument argument) {
      padded(argument.bytes());
      number(argument.addresses().size());
      for (Argument.Address address : argument.addresses()) {
        number(address.at());
        number(address.buffer());
        number(address.offset());
      }
    }

    private void extent(Extent extent) {
      number(extent.x());
      number(extent.y());
      number(extent.z());
    }

    private void number(long value) {
      byte[] bytes = new byte[Long.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
      out.writeBytes(bytes);
    }

    private void padded(byte[] bytes) {
      number(bytes.length);
      out.writeBytes(bytes);
      out.writeBytes(new byte[-bytes.length & 7]);
    }
  }
}
