package org.modelc.comparison.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.modelc.comparison.Network;
import org.modelc.comparison.Subject;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/** TensorFlow with a frozen graph. */
public final class TensorFlowSubject extends Subject {
  private Session session;
  private String input;
  private String output;
  private int inputs;

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    new TensorFlowSubject().run(arguments);
  }

  @Override
  protected void write(Network network, Path stem, int batch) throws IOException {
    try (Graph graph = new Graph()) {
      Ops on = Ops.create(graph);
      Placeholder<TFloat32> x = on.placeholder(TFloat32.class);
      Operand<TFloat32> y = x;
      for (int i = 0; i < network.layers(); i++) {
        Shape shape = Shape.of(network.widths()[i], network.widths()[i + 1]);
        Operand<TFloat32> weight = on.constant(shape, DataBuffers.of(network.weights()[i]));
        y = on.nn.biasAdd(on.linalg.matMul(y, weight), on.constant(network.biases()[i]));
        y = network.isHidden(i) ? on.nn.relu(y) : y;
      }
      Files.write(Path.of(stem + ".pb"), graph.toGraphDef().toByteArray());
      Files.writeString(Path.of(stem + ".names"), x.op().name() + " " + y.asOutput().op().name());
    }
  }

  @Override
  protected void load(Path stem, int inputs) throws IOException {
    this.inputs = inputs;
    String[] names = Files.readString(Path.of(stem + ".names")).split(" ");
    input = names[0];
    output = names[1];
    Graph graph = new Graph();
    graph.importGraphDef(GraphDef.parseFrom(Files.readAllBytes(Path.of(stem + ".pb"))));
    ConfigProto config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(1)
            .build();
    session = new Session(graph, config);
  }

  @Override
  protected float[] predict(float[] x, int rows) {
    try (TFloat32 tensor = TFloat32.tensorOf(Shape.of(rows, inputs), DataBuffers.of(x));
        Result result = session.runner().feed(input, tensor).fetch(output).run()) {
      TFloat32 y = (TFloat32) result.get(0);
      float[] outputs = new float[(int) y.size()];
      y.copyTo(DataBuffers.of(outputs));
      return outputs;
    }
  }
}
