package org.modelc.benchmarks.peers;

import com.google.auto.service.AutoService;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.modelc.benchmarks.contest.Engine;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.benchmarks.contest.Workload;

/** libtorch through the JavaCPP presets; its products are OpenBLAS's and oneDNN's. */
@AutoService(Engine.class)
@SuppressWarnings("try") // scopes are opened for what they end, not to be read
public final class LibtorchEngine implements Engine {
  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public boolean runs(Workload workload) {
    return !workload.isCompressed()
        && !workload.model().equals("encoder")
        && !workload.model().equals("tiny-mlp");
  }

  @Override
  public Prepared prepare(Workload workload, Materials materials, int threads) {
    torch.set_num_threads(threads);
    Map<String, Object> inputs = materials.inputs(workload);
    if (workload.model().equals("gemm")) {
      return new Product(workload, inputs);
    }
    LibtorchOperations operations =
        new LibtorchOperations(materials.parameters(workload), workload.training());
    return workload.training()
        ? new Training(workload, operations, inputs)
        : new Forward(workload, operations, inputs);
  }

  private static Tensor floats(Object values, long... shape) {
    return torch.tensor((float[]) values).reshape(shape);
  }

  /** Index tensors are 64 bits wide. */
  private static Tensor integers(Object values) {
    int[] narrow = (int[]) values;
    long[] wide = new long[narrow.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = narrow[i];
    }
    return torch.tensor(wide);
  }

  private static float[] taken(Tensor result) {
    Tensor contiguous = result.contiguous();
    float[] values = new float[(int) contiguous.numel()];
    new FloatPointer(contiguous.data_ptr()).get(values);
    return values;
  }

  private static Tensor pictures(Workload workload, Object values) {
    long batch = workload.dims().get("B");
    return workload.model().equals("train-cnn")
        ? floats(values, batch, 1, 28, 28)
        : floats(values, batch, -1);
  }

  /** Predictions; the caller gets results in an array, as with ours. */
  private static final class Forward implements Prepared {
    private final Workload workload;
    private final Networks<Tensor> networks;
    private final Tensor x;
    private final FloatPointer memory;
    private final float[] given;
    private float[] results;

    Forward(Workload workload, LibtorchOperations operations, Map<String, Object> inputs) {
      this.workload = workload;
      this.networks = new Networks<>(operations);
      this.given = (float[]) inputs.get("x");
      this.x = pictures(workload, given);
      this.memory = new FloatPointer(x.data_ptr());
    }

    @Override
    public float[] outcome() {
      call();
      return results.clone();
    }

    @Override
    public void call() {
      try (PointerScope scope = new PointerScope();
          InferenceMode mode = new InferenceMode()) {
        memory.put(given);
        Tensor y = networks.logits(workload.model(), workload.dims().get("B"), x);
        if (results == null) {
          results = new float[(int) y.numel()];
        }
        new FloatPointer(y.data_ptr()).get(results);
      }
    }
  }

  /** Steps on one batch. */
  private static final class Training implements Prepared {
    private final Workload workload;
    private final Networks<Tensor> networks;
    private final Optimizer optimizer;
    private final Tensor x;
    private final Tensor label;

    Training(Workload workload, LibtorchOperations operations, Map<String, Object> inputs) {
      this.workload = workload;
      this.networks = new Networks<>(operations);
      boolean language = workload.model().equals("gpt");
      x =
          language
              ? integers(inputs.get("ids")).reshape(workload.dims().get("B"), -1)
              : pictures(workload, inputs.get("x"));
      label = integers(inputs.get(language ? "next" : "label"));
      optimizer = optimizer(workload, new TensorVector(operations.all()));
    }

    private static Optimizer optimizer(Workload workload, TensorVector parameters) {
      if (!workload.model().equals("train-cnn")) {
        return new Adam(parameters, new AdamOptions(1e-3));
      }
      SGDOptions options = new SGDOptions(0.01);
      options.momentum().put(0.9);
      return new SGD(parameters, options);
    }

    private float step() {
      try (PointerScope scope = new PointerScope()) {
        optimizer.zero_grad();
        Tensor logits = networks.logits(workload.model(), workload.dims().get("B"), x);
        Tensor loss = torch.cross_entropy_loss(logits, label);
        loss.backward();
        optimizer.step();
        return loss.item_float();
      }
    }

    @Override
    public float[] outcome() {
      float[] losses = new float[STEPS];
      for (int i = 0; i < STEPS; i++) {
        losses[i] = step();
      }
      return losses;
    }

    @Override
    public void call() {
      step();
    }
  }

  /** A product into memory that is there already. */
  private static final class Product implements Prepared {
    private final Tensor a;
    private final Tensor b;
    private final Tensor y;

    Product(Workload workload, Map<String, Object> inputs) {
      long rows = workload.settings().get("rows");
      a = floats(inputs.get("a"), rows, -1);
      b = floats(inputs.get("b"), -1, workload.settings().get("columns"));
      y = torch.mm(a, b);
    }

    @Override
    public float[] outcome() {
      call();
      return taken(y);
    }

    @Override
    public void call() {
      try (PointerScope scope = new PointerScope();
          InferenceMode mode = new InferenceMode()) {
        torch.mm_out(y, a, b);
      }
    }
  }
}
