package org.modelc.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.emit.PhaseClock;
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

/** Native programs that note the processor's time stamps between their kernels. */
final class TimedPrograms {
  private final List<EmittedNativeProgram> emitted;
  private final IsaLevel level;
  private final ProgramSet programs;

  /**
   * @param timed the compilation's programs, made to tell times
   */
  TimedPrograms(Compilation compilation, CompiledPrograms timed) {
    NativeBuild build = NativeBuild.of(timed);
    this.level = build.hostLevel();
    this.emitted = build.emitted(level);
    this.programs = new ProgramSet(compilation.manifest(), timed, zeros(compilation, timed));
    // Compressed programs have none; how long integers take does not depend on what they are.
    if (timed.abis().stream().anyMatch(each -> each.name().equals("init"))) {
      programs.frame("init").run();
    }
  }

  IsaLevel level() {
    return level;
  }

  /** Constants, and zeros for all that a training step changes. */
  private Map<String, Tensor> zeros(Compilation compilation, CompiledPrograms timed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(timed.constants());
    List<TensorSpec> specs = new ArrayList<>(compilation.manifest().parameters());
    specs.addAll(compilation.manifest().states());
    for (TensorSpec spec : specs) {
      tensors.put(spec.name(), Tensor.zeros(spec.dtype(), ModelResources.shape(spec)));
    }
    for (EmittedNativeProgram program : emitted) {
      for (ProgramAbi.Buffer buffer : program.abi().buffers()) {
        if (buffer.role() == Role.OPTIMIZER) {
          List<Integer> shape = buffer.shape().stream().map(dim -> dim.intValue()).toList();
          tensors.put(buffer.name(), Tensor.zeros(buffer.dtype(), shape));
        }
      }
    }
    return tensors;
  }

  /**
   * A program ready to be called.
   *
   * @param threads at most
   */
  Calls calls(String program, Map<String, Integer> dims, int threads) {
    EmittedNativeProgram found =
        emitted.stream()
            .filter(each -> each.abi().name().equals(program))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no program " + program));
    Cohort cohort = new Cohort(threads > 1 ? WorkerPool.shared() : null, threads);
    return new Calls(found, programs.frame(program, cohort), dims);
  }

  /** Calls of a program, over noise. */
  static final class Calls {
    private final EmittedNativeProgram program;
    private final Frame frame;
    private final Map<String, Integer> dims;
    private final Object[] inputs;

    private Calls(EmittedNativeProgram program, Frame frame, Map<String, Integer> dims) {
      this.program = program;
      this.frame = frame;
      this.dims = dims;
      this.inputs = CallBenchmark.inputs(program.abi(), dims);
    }

    List<EmittedNativeProgram.Phase> phases() {
      return program.kernels();
    }

    Map<String, Integer> dims() {
      return dims;
    }

    void run() {
      for (int i = 0; i < inputs.length; i++) {
        if (inputs[i] != null) {
          frame.bind(i, inputs[i]);
        }
      }
      program.abi().dims().forEach(dim -> frame.dim(dim, dims.get(dim)));
      frame.control("rate", 1e-6);
      frame.run();
    }

    /** The time stamps of the last call: of a phase at 2 × (1 + number), its end follows. */
    long[] ticks() {
      long[] ticks = (long[]) frame.array(PhaseClock.NAME);
      return Arrays.copyOf(ticks, 2 + 2 * phases().size());
    }
  }
}
