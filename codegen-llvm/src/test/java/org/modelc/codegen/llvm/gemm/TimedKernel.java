package org.modelc.codegen.llvm.gemm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Kernels of known dims on random numbers, timed beside the machine's peak. */
public final class TimedKernel {
  private static final int SAMPLES = 40;

  private final String name;
  private final double operations;
  private final NativeFunction function;
  private final long frame;
  private final List<ByteBuffer> kept = new ArrayList<>();
  private final List<Double> shares = new ArrayList<>();
  private final long bytes;
  private double best = Double.MAX_VALUE;

  /**
   * @param operations additions and multiplications that count as its work
   */
  public TimedKernel(String name, double operations, IsaLevel level, Kernel... kernels) {
    this.name = name;
    this.operations = operations;
    CompiledNests nests = new CompiledNests(level, List.of(), kernels);
    function = nests.function();
    List<ByteBuffer> buffers = nests.buffers(Map.of(), inputs(nests.program));
    kept.addAll(buffers);
    bytes =
        nests.program.parameters().stream()
            .mapToLong(each -> each.buffer().size().value() * each.buffer().dtype().bytes())
            .sum();
    frame =
        function.frame(
            1, new long[0], nests.scratchBytes(Map.of()), buffers.toArray(ByteBuffer[]::new), kept);
  }

  private static Map<String, double[]> inputs(KernelProgram program) {
    Random random = new Random(1);
    Map<String, double[]> inputs = new HashMap<>();
    for (KernelProgram.Parameter parameter : program.parameters()) {
      if (parameter.role() == Role.INPUT) {
        long size = parameter.buffer().size().value();
        inputs.put(parameter.name(), random.doubles(size, -1, 1).toArray());
      }
    }
    return inputs;
  }

  /** Samples kernels in turns and prints the best time and percents of the peak beside it. */
  public static void print(List<TimedKernel> kernels, IsaLevel level) {
    Peak peak = new Peak(level);
    for (int i = 0; i < SAMPLES; i++) {
      kernels.forEach(each -> each.sample(peak));
    }
    kernels.forEach(TimedKernel::print);
  }

  private void sample(Peak peak) {
    double before = peak.gigaflops();
    function.call(frame);
    double time = Peak.seconds(() -> function.call(frame));
    double after = peak.gigaflops();
    best = Math.min(best, time);
    shares.add(operations / time * 1e-9 / ((before + after) / 2));
  }

  private void print() {
    shares.sort(null);
    System.out.printf(
        Locale.ROOT,
        "%-24s best %9.1f us %7.1f GFLOP/s %6.1f GB/s; %% of peak: median %5.1f, quartile %5.1f%n",
        name,
        best * 1e6,
        operations / best * 1e-9,
        bytes / best * 1e-9,
        100 * shares.get(shares.size() / 2),
        100 * shares.get(shares.size() * 3 / 4));
  }
}
