package org.modelc.benchmarks.peers;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.benchmarks.contest.Engine;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.benchmarks.contest.Workload;
import org.modelc.runtime.Tensor;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * TensorFlow, a graph with its own gradients; for pictures alone, channels last as it needs them.
 */
@AutoService(Engine.class)
public final class TensorFlowEngine implements Engine {
  @Override
  public String name() {
    return "tensorflow";
  }

  @Override
  public boolean runs(Workload workload) {
    return workload.model().equals("train-cnn");
  }

  @Override
  public Prepared prepare(Workload workload, Materials materials, int threads) {
    return new Training(workload, materials, threads);
  }

  /** Steps on one batch, fed at each. */
  private static final class Training implements Prepared {
    private static final int SIDE = 7;
    private static final int CHANNELS = 64;

    private final Graph graph = new Graph();
    private final Ops on = Ops.create(graph);
    private final List<Variable<TFloat32>> variables = new ArrayList<>();
    private final List<Op> updates = new ArrayList<>();
    private final Placeholder<TFloat32> x = on.placeholder(TFloat32.class);
    private final Placeholder<TInt32> label = on.placeholder(TInt32.class);
    private final Operand<TFloat32> loss;
    private final Session session;
    private final TFloat32 pictures;
    private final TInt32 labels;

    Training(Workload workload, Materials materials, int threads) {
      List<Op> starts = new ArrayList<>();
      Map<String, Tensor> parameters = materials.parameters(workload);
      Operand<TFloat32> logits = logits(parameters, starts);
      // The sparse form has no gradient in the C++ interface.
      Operand<TFloat32> target =
          on.oneHot(label, on.constant(10), on.constant(1f), on.constant(0f));
      Operand<TFloat32> losses = on.nn.softmaxCrossEntropyWithLogits(logits, target).loss();
      loss = on.math.mean(losses, on.constant(0));
      momentum(starts);
      ConfigProto config =
          ConfigProto.newBuilder()
              .setIntraOpParallelismThreads(threads)
              .setInterOpParallelismThreads(1)
              .build();
      session = new Session(graph, config);
      starts.forEach(session::run);
      Map<String, Object> inputs = materials.inputs(workload);
      long batch = workload.dims().get("B");
      pictures =
          TFloat32.tensorOf(Shape.of(batch, 28, 28, 1), DataBuffers.of((float[]) inputs.get("x")));
      labels = TInt32.tensorOf(Shape.of(batch), DataBuffers.of((int[]) inputs.get("label")));
    }

    private Operand<TFloat32> logits(Map<String, Tensor> parameters, List<Op> starts) {
      Operand<TFloat32> y = x;
      for (String layer : List.of("logits.conv", "logits.conv_2")) {
        Tensor weight = parameters.get(layer + ".weight");
        Variable<TFloat32> filter = variable(channelsLast(weight), starts, filterShape(weight));
        Operand<TFloat32> filtered = on.nn.conv2d(y, filter, List.of(1L, 1L, 1L, 1L), "SAME");
        y = on.nn.relu(on.nn.biasAdd(filtered, bias(parameters, layer, starts)));
        Operand<TInt32> window = on.constant(new int[] {1, 2, 2, 1});
        y = on.nn.maxPool(y, window, window, "VALID");
      }
      y = on.reshape(y, on.constant(new int[] {-1, SIDE * SIDE * CHANNELS}));
      Tensor first = parameters.get("logits.dense.weight");
      Tensor second = parameters.get("logits.dense_2.weight");
      y = on.linalg.matMul(y, variable(rowsChannelsLast(first), starts, shape(first)));
      y = on.nn.relu(on.nn.biasAdd(y, bias(parameters, "logits.dense", starts)));
      y = on.linalg.matMul(y, variable(Materials.floats(second), starts, shape(second)));
      return on.nn.biasAdd(y, bias(parameters, "logits.dense_2", starts));
    }

    private Variable<TFloat32> bias(Map<String, Tensor> parameters, String layer, List<Op> starts) {
      Tensor bias = parameters.get(layer + ".bias");
      return variable(Materials.floats(bias), starts, shape(bias));
    }

    private static Shape shape(Tensor tensor) {
      return Shape.of(tensor.shape().stream().mapToLong(Integer::longValue).toArray());
    }

    private static Shape filterShape(Tensor weight) {
      return Shape.of(3, 3, weight.shape().get(1), weight.shape().get(0));
    }

    private Variable<TFloat32> variable(float[] values, List<Op> starts, Shape shape) {
      Variable<TFloat32> variable = on.variable(shape, TFloat32.class);
      starts.add(on.assign(variable, on.constant(shape, DataBuffers.of(values))));
      variables.add(variable);
      return variable;
    }

    /** From [out, in, 3, 3] to [3, 3, in, out]. */
    private static float[] channelsLast(Tensor weight) {
      float[] given = Materials.floats(weight);
      int out = weight.shape().get(0);
      int in = weight.shape().get(1);
      float[] moved = new float[given.length];
      for (int i = 0; i < given.length; i++) {
        int place = i % 9;
        int from = i / 9 % in;
        moved[(place * in + from) * out + i / 9 / in] = given[i];
      }
      return moved;
    }

    /** Rows for [channel, place] become rows for [place, channel]. */
    private static float[] rowsChannelsLast(Tensor weight) {
      float[] given = Materials.floats(weight);
      int columns = weight.shape().get(1);
      float[] moved = new float[given.length];
      for (int row = 0; row < SIDE * SIDE * CHANNELS; row++) {
        int to = row % (SIDE * SIDE) * CHANNELS + row / (SIDE * SIDE);
        System.arraycopy(given, row * columns, moved, to * columns, columns);
      }
      return moved;
    }

    private void momentum(List<Op> starts) {
      List<Variable<TFloat32>> trained = List.copyOf(variables);
      Output<?>[] outputs = trained.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
      Output<?>[] gradients = graph.addGradients(loss.asOutput(), outputs);
      // No variable changes while a gradient still reads it.
      Ops after = on.withControlDependencies(List.<Op>of(gradients));
      for (int i = 0; i < gradients.length; i++) {
        Shape shape = trained.get(i).shape();
        Variable<TFloat32> velocity = variable(new float[(int) shape.size()], starts, shape);
        @SuppressWarnings("unchecked") // of the variable's type
        Operand<TFloat32> gradient = (Operand<TFloat32>) gradients[i];
        updates.add(
            after.train.applyMomentum(
                trained.get(i), velocity, on.constant(0.01f), gradient, on.constant(0.9f)));
      }
    }

    private float step() {
      Session.Runner runner = session.runner().feed(x, pictures).feed(label, labels);
      updates.forEach(runner::addTarget);
      try (Result result = runner.fetch(loss).run()) {
        return ((TFloat32) result.get(0)).getFloat();
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
}
