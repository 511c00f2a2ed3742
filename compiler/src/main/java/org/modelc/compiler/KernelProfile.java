package org.modelc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.modelc.codegen.jvm.EmittedProgram;
import org.modelc.codegen.jvm.JvmBackend;
import org.modelc.codegen.jvm.MemoryLoader;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.workers.Team;

/**
 * What each kernel of a program costs: bytecode's by itself, on one thread over zeros; native
 * code's while the program runs, over noise.
 *
 * @param kernels in the order they run
 */
public record KernelProfile(List<Cost> kernels) {
  /** No profile was taken. */
  public static final KernelProfile NONE = new KernelProfile(List.of());

  private static final long NANOS = 200_000_000L;

  /**
   * One kernel.
   *
   * @param ns nanoseconds of a run, the best of many; of native code the median
   * @param waitNs nanoseconds that the first worker waited for the others before it; of native code
   * @param bytes distinct bytes read and written; 0 for the second and further steps of a kernel
   * @param flops 2 × multiply-adds; 0 likewise
   * @param percentOfPeak of this machine's fused multiply-adds, measured beside: in plain Java, or
   *     of the instruction set that runs
   */
  public record Cost(
      String kernel, double ns, double waitNs, long bytes, long flops, double percentOfPeak) {}

  /** Measures the kernels of a program. */
  private static KernelProfile measure(KernelProgram program, Map<String, Integer> dims) {
    double peak = MachinePeak.flopsPerNano();
    List<Cost> costs = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      KernelProgram alone = program.withKernels(List.of(kernel), program.temporaries());
      EmittedProgram emitted = new JvmBackend().emit(alone, "models.Profiled");
      double ns = nanos(emitted, dims);
      long flops = 2 * emitted.abi().work().evaluate(dims);
      costs.add(
          new Cost(kernel.name(), ns, 0, bytes(kernel, dims), flops, 100 * flops / ns / peak));
    }
    return new KernelProfile(costs);
  }

  /**
   * Measures the kernels of a compilation's program.
   *
   * @param batch the value of every dynamic dim
   * @param threads at most; bytecode's kernels run on one
   */
  public static KernelProfile of(Compilation compilation, String program, int batch, int threads) {
    Map<String, Integer> dims = new HashMap<>();
    for (ProgramAbi abi : compilation.programs().abis()) {
      abi.dims().forEach(dim -> dims.put(dim, batch));
    }
    return of(compilation, program, dims, threads);
  }

  /** As the other, with a value for each dynamic dim. */
  public static KernelProfile of(
      Compilation compilation, String program, Map<String, Integer> dims, int threads) {
    if (compilation.programs().nativeBuild() != null) {
      return NativeProfile.measure(compilation, program, dims, threads);
    }
    for (ProgramStages stages : compilation.stages()) {
      if (stages.name().equals(program)) {
        return measure(stages.kernels(), dims);
      }
    }
    throw new IllegalArgumentException("no program " + program);
  }

  private static long bytes(Kernel kernel, Map<String, Integer> dims) {
    Set<Buffer> touched = new LinkedHashSet<>(kernel.reads());
    touched.addAll(kernel.writes());
    long bytes = 0;
    for (Buffer buffer : touched) {
      bytes += buffer.size().evaluate(dims) * buffer.dtype().bytes();
    }
    return bytes;
  }

  private static double nanos(EmittedProgram emitted, Map<String, Integer> dims) {
    CompiledProgram code = MemoryLoader.load(emitted);
    Object[] arrays = arrays(emitted.abi(), dims);
    int[] values = emitted.abi().dims().stream().mapToInt(dims::get).toArray();
    Object[] scratch = code.scratch(values);
    double best = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + NANOS;
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      code.run(arrays, values, scratch, Team.alone(), 0);
      best = Math.min(best, (double) (System.nanoTime() - start));
    }
    return best;
  }

  private static Object[] arrays(ProgramAbi abi, Map<String, Integer> dims) {
    Map<String, Object> byName = new LinkedHashMap<>();
    for (ProgramAbi.Buffer buffer : abi.buffers()) {
      int size = Math.toIntExact(buffer.size().evaluate(dims));
      Object shared = buffer.inPlace() ? byName.get(buffer.updates()) : null;
      byName.put(buffer.name(), shared == null ? Tensor.newArray(buffer.dtype(), size) : shared);
    }
    return byName.values().toArray();
  }

  /** A line a kernel. */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    if (!kernels.isEmpty()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-36s %12s %10s %12s %14s %8s %8s",
              "kernel",
              "ns",
              "waits ns",
              "bytes",
              "FLOPs",
              "GB/s",
              "% peak"));
    }
    for (Cost cost : kernels) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-36s %,12.0f %,10.0f %,12d %,14d %8.1f %8.1f",
              cost.kernel(),
              cost.ns(),
              cost.waitNs(),
              cost.bytes(),
              cost.flops(),
              cost.bytes() / cost.ns(),
              cost.percentOfPeak()));
    }
    return lines;
  }
}
