package org.modelc.benchmarks.contest;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.Program;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.workers.Cohort;
import org.modelc.runtime.workers.WorkerPool;

/** Our own: the model's jar, called as a session calls it. */
@AutoService(Engine.class)
public final class ModelcEngine implements Engine {
  /** The name in the output. */
  static final String NAME = "modelc";

  /** The program of the models that multiply two matrices. */
  private static final String PRODUCT = "multiply";

  /** The rate of the models' recipes. */
  private static final Map<String, Double> RATES =
      Map.of("mlp", 1e-3, "train-cnn", 0.01, "gpt", 1e-3);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean runs(Workload workload) {
    return true;
  }

  @Override
  public Prepared prepare(Workload workload, Materials materials, int threads) {
    Model model = materials.model(workload);
    ProgramSet programs =
        new ProgramSet(model.manifest(), model.programs().code(), withSlots(model, workload));
    Cohort cohort = new Cohort(threads > 1 ? WorkerPool.shared() : null, threads);
    return new Calls(
        workload, materials, programs.frame(workload.program(), cohort), isNative(programs));
  }

  private static boolean isNative(ProgramSet programs) {
    return programs.code().backend().startsWith(NativePrograms.NATIVE);
  }

  @Override
  public List<String> firstPrediction(Workload workload, Materials materials) throws IOException {
    return JarProgram.FIRST_PREDICTION.compile(materials.folder(), materials.jar(workload));
  }

  /** Parameters, and zeros for what the optimiser keeps. */
  private static Map<String, Tensor> withSlots(Model model, Workload workload) {
    Map<String, Tensor> tensors = new HashMap<>(model.tensors());
    for (ProgramAbi.Buffer buffer : model.programs().program(workload.program()).abi().buffers()) {
      if (buffer.role() == Role.OPTIMIZER) {
        List<Integer> shape = new ArrayList<>();
        buffer.shape().forEach(dim -> shape.add(dim.intValue()));
        tensors.put(buffer.name(), Tensor.zeros(buffer.dtype(), shape));
      }
    }
    return tensors;
  }

  /** Calls of one frame. */
  private static final class Calls implements Prepared {
    private final Workload workload;
    private final Frame frame;
    private final Object[] arrays;
    private final String[] dims;
    private final int[] sizes;
    private final double operations;
    private long step;

    /**
     * @param isDirect whether the program can work in memory outside the heap
     */
    Calls(Workload workload, Materials materials, Frame frame, boolean isDirect) {
      this.workload = workload;
      this.frame = frame;
      Program program = frame.program();
      List<ProgramAbi.Buffer> buffers = program.abi().buffers();
      Map<String, Object> values = materials.inputs(workload);
      arrays = new Object[buffers.size()];
      for (int position : program.positions(Role.INPUT)) {
        ProgramAbi.Buffer buffer = buffers.get(position);
        Object value = values.get(buffer.name());
        arrays[position] = value == null ? ones(workload) : value;
      }
      if (!workload.training()) {
        int output = program.positions(Role.OUTPUT)[0];
        arrays[output] = new float[(int) buffers.get(output).size().evaluate(workload.dims())];
      }
      if (isDirect && workload.program().equals(PRODUCT)) {
        putDirect();
      }
      dims = program.abi().dims().toArray(new String[0]);
      sizes = new int[dims.length];
      for (int i = 0; i < dims.length; i++) {
        sizes[i] = workload.dims().get(dims[i]);
      }
      operations = 2.0 * program.abi().work().evaluate(workload.dims());
    }

    /** Products work in place, as those of peers do on tensors that lie there already. */
    private void putDirect() {
      for (int i = 0; i < arrays.length; i++) {
        if (arrays[i] instanceof float[] floats) {
          ByteBuffer memory = DirectMemory.allocate((long) floats.length * Float.BYTES);
          memory.asFloatBuffer().put(floats);
          arrays[i] = memory;
        }
      }
    }

    /** The weights of a training's examples. */
    private static float[] ones(Workload workload) {
      float[] weights = new float[workload.dims().get("B")];
      java.util.Arrays.fill(weights, 1);
      return weights;
    }

    @Override
    public double operations() {
      return operations;
    }

    @Override
    public float[] outcome() {
      if (workload.training()) {
        float[] losses = new float[STEPS];
        for (int i = 0; i < STEPS; i++) {
          call();
          losses[i] = ((float[]) frame.array("loss"))[0];
        }
        return losses;
      }
      call();
      Object result = arrays[frame.program().positions(Role.OUTPUT)[0]];
      if (result instanceof ByteBuffer memory) {
        float[] floats = new float[memory.capacity() / Float.BYTES];
        memory.asFloatBuffer().get(floats);
        return floats;
      }
      return ((float[]) result).clone();
    }

    @Override
    public void call() {
      for (int i = 0; i < arrays.length; i++) {
        if (arrays[i] != null) {
          frame.bind(i, arrays[i]);
        }
      }
      for (int i = 0; i < dims.length; i++) {
        frame.dim(dims[i], sizes[i]);
      }
      if (workload.training()) {
        frame.control("rate", RATES.get(workload.model()));
        frame.control("step", step++);
      }
      frame.run();
    }
  }
}
