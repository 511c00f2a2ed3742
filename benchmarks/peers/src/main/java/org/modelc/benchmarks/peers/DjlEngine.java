package org.modelc.benchmarks.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import com.google.auto.service.AutoService;
import java.util.Map;
import org.modelc.benchmarks.contest.Engine;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.benchmarks.contest.Workload;

/** DJL with PyTorch's own libraries, whose products are MKL's. */
@AutoService(Engine.class)
public final class DjlEngine implements Engine {
  @Override
  public String name() {
    return "djl-pytorch";
  }

  @Override
  public boolean runs(Workload workload) {
    return workload.training() || workload.model().equals("gemm");
  }

  @Override
  public Prepared prepare(Workload workload, Materials materials, int threads) {
    // The library comes from the class path; nothing is to be fetched.
    System.setProperty("ai.djl.offline", "true");
    NDManager manager = NDManager.newBaseManager("PyTorch");
    JniUtils.setNumThreads(threads);
    Map<String, Object> inputs = materials.inputs(workload);
    return workload.training()
        ? new Training(workload, manager, materials.parameters(workload), inputs)
        : new Product(workload, manager, inputs);
  }

  private static NDArray integers(NDManager manager, Object values) {
    int[] narrow = (int[]) values;
    long[] wide = new long[narrow.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = narrow[i];
    }
    return manager.create(wide);
  }

  /** Steps on one batch. */
  private static final class Training implements Prepared {
    private final Workload workload;
    private final NDManager manager;
    private final DjlOperations operations;
    private final Networks<NDArray> networks;
    private final Optimizer optimizer;
    private final Loss loss = Loss.softmaxCrossEntropyLoss();
    private final NDArray x;
    private final NDArray label;

    Training(
        Workload workload,
        NDManager manager,
        Map<String, org.modelc.runtime.Tensor> parameters,
        Map<String, Object> inputs) {
      this.workload = workload;
      this.manager = manager;
      this.operations = new DjlOperations(manager, parameters, true);
      this.networks = new Networks<>(operations);
      int batch = workload.dims().get("B");
      boolean language = workload.model().equals("gpt");
      boolean pictures = workload.model().equals("train-cnn");
      x =
          language
              ? integers(manager, inputs.get("ids")).reshape(batch, -1)
              : manager.create(
                  (float[]) inputs.get("x"),
                  pictures ? new Shape(batch, 1, 28, 28) : new Shape(batch, 784));
      label = integers(manager, inputs.get(language ? "next" : "label"));
      optimizer =
          pictures
              ? Optimizer.sgd()
                  .setLearningRateTracker(Tracker.fixed(0.01f))
                  .optMomentum(0.9f)
                  .build()
              : Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
    }

    private float step() {
      float value;
      try (NDManager call = manager.newSubManager();
          GradientCollector collector =
              ai.djl.engine.Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray input = x.duplicate();
        input.attach(call);
        NDArray logits = networks.logits(workload.model(), workload.dims().get("B"), input);
        NDArray result = loss.evaluate(new NDList(label), new NDList(logits));
        collector.backward(result);
        value = result.getFloat();
      }
      operations.all().forEach(this::update);
      return value;
    }

    private void update(String name, NDArray parameter) {
      try (NDArray gradient = parameter.getGradient()) {
        optimizer.update(name, parameter, gradient);
        gradient.subi(gradient);
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

  /** A product of two matrices. */
  private static final class Product implements Prepared {
    private final NDArray a;
    private final NDArray b;

    Product(Workload workload, NDManager manager, Map<String, Object> inputs) {
      int rows = workload.settings().get("rows");
      int columns = workload.settings().get("columns");
      int inner = workload.settings().get("inner");
      a = manager.create((float[]) inputs.get("a"), new Shape(rows, inner));
      b = manager.create((float[]) inputs.get("b"), new Shape(inner, columns));
    }

    @Override
    public float[] outcome() {
      try (NDArray y = a.matMul(b)) {
        return y.toFloatArray();
      }
    }

    @Override
    public void call() {
      a.matMul(b).close();
    }
  }
}
