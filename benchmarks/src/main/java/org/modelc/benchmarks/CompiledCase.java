package org.modelc.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.modelc.codegen.jvm.EmittedProgram;
import org.modelc.codegen.jvm.JvmBackend;
import org.modelc.codegen.jvm.MemoryLoader;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.passes.PassManager;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Program;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.workers.Cohort;
import org.modelc.runtime.workers.WorkerPool;

/** A graph compiled as for a model's jar, with data to run on. */
final class CompiledCase {
  private final Frame frame;
  private final Program program;
  private final Object[] inputs;

  /**
   * Compiles and fills parameters and inputs with small random numbers.
   *
   * @param batch the value of the dynamic dim
   */
  CompiledCase(Graph graph, int batch, int threads) {
    KernelProgram kernels =
        Pipeline.TRAINING.compile(graph, Target.PLAIN, PassManager.Listener.NONE).get(0);
    EmittedProgram emitted = new JvmBackend().emit(kernels, "generated.Benchmark");
    Map<String, Integer> dims = Map.of("B", batch);
    Random random = new Random(1);
    Map<String, Tensor> tensors = new HashMap<>();
    program = new Program(emitted.abi(), MemoryLoader.load(emitted));
    List<ProgramAbi.Buffer> buffers = emitted.abi().buffers();
    inputs = new Object[buffers.size()];
    for (int i = 0; i < inputs.length; i++) {
      ProgramAbi.Buffer buffer = buffers.get(i);
      Object array = array(buffer, (int) buffer.size().evaluate(dims), random);
      if (buffer.role() == Role.INPUT) {
        inputs[i] = array;
      } else if (isTensor(buffer.role())) {
        List<Integer> shape = buffer.shape().stream().map(dim -> (int) dim.evaluate(dims)).toList();
        tensors.put(buffer.name(), new Tensor(buffer.dtype(), shape, array));
      }
    }
    for (PooledConstant constant : emitted.constants()) {
      fill((float[]) tensors.get(constant.buffer()).values(), constant.elements());
    }
    frame = Frame.of(program, tensors, new Cohort(WorkerPool.shared(), threads));
    frame.control("rate", 1e-6);
  }

  private static boolean isTensor(Role role) {
    return role == Role.PARAMETER
        || role == Role.STATE
        || role == Role.OPTIMIZER
        || role == Role.CONSTANT;
  }

  private static Object array(ProgramAbi.Buffer buffer, int size, Random random) {
    if (buffer.dtype() != DType.F32 || buffer.role() == Role.OPTIMIZER) {
      return Tensor.newArray(buffer.dtype(), size);
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (random.nextFloat() - 0.5f) * 0.1f;
    }
    return values;
  }

  private static void fill(float[] target, double[] elements) {
    for (int i = 0; i < target.length; i++) {
      target[i] = (float) elements[elements.length == 1 ? 0 : i];
    }
  }

  /** One call, as a session makes it. */
  void run() {
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != null) {
        frame.bind(i, inputs[i]);
      }
    }
    frame.run();
  }
}
