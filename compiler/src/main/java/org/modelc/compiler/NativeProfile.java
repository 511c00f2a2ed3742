package org.modelc.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.emit.PhaseClock;
import org.modelc.compiler.KernelProfile.Cost;
import org.modelc.compiler.program.CompiledPrograms;
import org.modelc.compiler.program.NativeBuild;
import org.modelc.runtime.Frame;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.workers.Cohort;
import org.modelc.runtime.workers.WorkerPool;

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

  private final ProgramAbi abi;
  private final Frame frame;
  private final Map<String, Integer> dims;
  private final List<EmittedNativeProgram.Phase> phases;
  private final IsaLevel level;

  /** The time stamps of each call: of a phase at 2 × (1 + number), its end follows. */
  private final List<long[]> calls = new ArrayList<>();

  private NativeProfile(
      Compilation compilation, String program, Map<String, Integer> dims, int threads) {
    this.dims = dims;
    CompiledPrograms timed = compilation.programs().timed();
    NativeBuild build = NativeBuild.of(timed);
    this.level = build.hostLevel();
    EmittedNativeProgram emitted =
        build.emitted(level).stream()
            .filter(each -> each.abi().name().equals(program))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no program " + program));
    this.abi = emitted.abi();
    this.phases = emitted.kernels();
    ProgramSet programs = new ProgramSet(compilation.manifest(), timed, zeros(compilation, timed));
    // Compressed programs have none; how long integers take does not depend on what they are.
    if (timed.abis().stream().anyMatch(each -> each.name().equals("init"))) {
      programs.frame("init").run();
    }
    Cohort cohort = new Cohort(threads > 1 ? WorkerPool.shared() : null, threads);
    this.frame = programs.frame(program, cohort);
  }

  /** Constants, and zeros for all that a training step changes. */
  private Map<String, Tensor> zeros(Compilation compilation, CompiledPrograms timed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(timed.constants());
    List<TensorSpec> specs = new ArrayList<>(compilation.manifest().parameters());
    specs.addAll(compilation.manifest().states());
    for (TensorSpec spec : specs) {
      tensors.put(spec.name(), Tensor.zeros(spec.dtype(), ModelResources.shape(spec)));
    }
    for (ProgramAbi.Buffer buffer : abi.buffers()) {
      if (buffer.role() == Role.OPTIMIZER) {
        List<Integer> shape = buffer.shape().stream().map(dim -> dim.intValue()).toList();
        tensors.put(buffer.name(), Tensor.zeros(buffer.dtype(), shape));
      }
    }
    return tensors;
  }

  /** Measures the phases of a program. */
  static KernelProfile measure(
      Compilation compilation, String program, Map<String, Integer> dims, int threads) {
    NativeProfile profile = new NativeProfile(compilation, program, dims, threads);
    double ticksPerNano = profile.run();
    return profile.costs(ticksPerNano);
  }

  /** Calls the program again and again; gives the rate of the time stamps. */
  private double run() {
    Object[] inputs = CallBenchmark.inputs(abi, dims);
    for (int i = 0; i < WARM_UP; i++) {
      call(inputs);
    }
    long start = System.nanoTime();
    long last = start;
    while (calls.size() < LEAST_CALLS || (last - start < NANOS && calls.size() < MOST_CALLS)) {
      call(inputs);
      long[] ticks = (long[]) frame.array(PhaseClock.NAME);
      calls.add(Arrays.copyOf(ticks, 2 + 2 * phases.size()));
      last = System.nanoTime();
    }
    int end = 1 + 2 * phases.size();
    long before = start;
    call(inputs);
    long[] ticks = (long[]) frame.array(PhaseClock.NAME);
    long whole = ticks[end] - calls.get(0)[0];
    return (double) whole / (System.nanoTime() - before);
  }

  private void call(Object[] inputs) {
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != null) {
        frame.bind(i, inputs[i]);
      }
    }
    abi.dims().forEach(dim -> frame.dim(dim, dims.get(dim)));
    frame.control("rate", 1e-6);
    frame.run();
  }

  private KernelProfile costs(double ticksPerNano) {
    double peak = PhaseClock.operations(level) / (median(0, 1) / ticksPerNano);
    List<Cost> costs = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      EmittedNativeProgram.Phase phase = phases.get(i);
      double ns = median(2 + 2 * i, 3 + 2 * i) / ticksPerNano;
      double wait = median(1 + 2 * i, 2 + 2 * i) / ticksPerNano;
      long flops = 2 * phase.multiplyAdds().evaluate(dims);
      long bytes = phase.bytes().evaluate(dims);
      costs.add(new Cost(phase.name(), ns, wait, bytes, flops, 100 * flops / ns / peak));
    }
    return new KernelProfile(costs);
  }

  private double median(int from, int to) {
    long[] times = calls.stream().mapToLong(call -> call[to] - call[from]).sorted().toArray();
    return Math.max(1, times[times.length / 2]);
  }
}
