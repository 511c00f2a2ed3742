package org.modelc.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.emit.PhaseClock;
import org.modelc.compiler.KernelProfile.Cost;

/**
 * The kernels of a native program as they run one after another: code that notes the processor's
 * time stamps between them. Times are the first worker's, medians over calls.
 */
final class NativeProfile {
  private static final long NANOS = 1_500_000_000L;
  private static final int LEAST_CALLS = 15;
  private static final int MOST_CALLS = 5_000;

  /** Calls before any counts. */
  private static final int WARM_UP = 3;

  private final TimedPrograms.Calls program;
  private final IsaLevel level;

  /** The time stamps of each call. */
  private final List<long[]> calls = new ArrayList<>();

  private NativeProfile(TimedPrograms.Calls program, IsaLevel level) {
    this.program = program;
    this.level = level;
  }

  /** Measures the phases of a program. */
  static KernelProfile measure(
      Compilation compilation, String program, Map<String, Integer> dims, int threads) {
    TimedPrograms timed = new TimedPrograms(compilation, compilation.programs().timed());
    NativeProfile profile = new NativeProfile(timed.calls(program, dims, threads), timed.level());
    double ticksPerNano = profile.run();
    return profile.costs(ticksPerNano);
  }

  /** Calls the program again and again; gives the rate of the time stamps. */
  private double run() {
    for (int i = 0; i < WARM_UP; i++) {
      program.run();
    }
    long start = System.nanoTime();
    long last = start;
    while (calls.size() < LEAST_CALLS || (last - start < NANOS && calls.size() < MOST_CALLS)) {
      program.run();
      calls.add(program.ticks());
      last = System.nanoTime();
    }
    int end = 1 + 2 * program.phases().size();
    long before = start;
    program.run();
    long whole = program.ticks()[end] - calls.get(0)[0];
    return (double) whole / (System.nanoTime() - before);
  }

  private KernelProfile costs(double ticksPerNano) {
    double peak = PhaseClock.operations(level) / (median(0, 1) / ticksPerNano);
    List<Cost> costs = new ArrayList<>();
    for (int i = 0; i < program.phases().size(); i++) {
      EmittedNativeProgram.Phase phase = program.phases().get(i);
      double ns = median(2 + 2 * i, 3 + 2 * i) / ticksPerNano;
      double wait = median(1 + 2 * i, 2 + 2 * i) / ticksPerNano;
      long flops = 2 * phase.multiplyAdds().evaluate(program.dims());
      long bytes = phase.bytes().evaluate(program.dims());
      costs.add(new Cost(phase.name(), ns, wait, bytes, flops, 100 * flops / ns / peak));
    }
    return new KernelProfile(costs);
  }

  private double median(int from, int to) {
    long[] times = calls.stream().mapToLong(call -> call[to] - call[from]).sorted().toArray();
    return Math.max(1, times[times.length / 2]);
  }
}
