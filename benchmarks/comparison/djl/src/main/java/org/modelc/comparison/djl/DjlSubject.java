package org.modelc.comparison.djl;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.modelc.comparison.Network;
import org.modelc.comparison.Subject;

/** DJL with PyTorch: blocks of its own, parameters from its own file. */
public final class DjlSubject extends Subject {
  private Predictor<float[], float[]> predictor;

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    new DjlSubject().run(arguments);
  }

  @Override
  protected void write(Network network, Path stem, int batch) throws IOException {
    try (Model model = Model.newInstance("network", "PyTorch")) {
      NDManager manager = model.getNDManager();
      List<String> units = new ArrayList<>();
      for (int i = 0; i < network.layers(); i++) {
        units.add(Integer.toString(network.widths()[i + 1]));
      }
      Block block = block(units);
      block.initialize(manager, DataType.FLOAT32, new Shape(1, network.widths()[0]));
      List<ai.djl.nn.Parameter> parameters = block.getParameters().values();
      for (int i = 0; i < network.layers(); i++) {
        Shape shape = new Shape(network.widths()[i + 1], network.widths()[i]);
        set(parameters.get(2 * i), manager.create(network.transposed(i), shape));
        set(parameters.get(2 * i + 1), manager.create(network.biases()[i]));
      }
      model.setBlock(block);
      Files.createDirectories(stem);
      model.save(stem, "network");
      Files.writeString(stem.resolve("units"), String.join(" ", units));
    }
  }

  private static void set(ai.djl.nn.Parameter parameter, NDArray values) {
    parameter.getArray().set(values.toByteBuffer());
  }

  private static Block block(List<String> units) {
    SequentialBlock block = new SequentialBlock();
    for (int i = 0; i < units.size(); i++) {
      block.add(Linear.builder().setUnits(Long.parseLong(units.get(i))).build());
      if (i + 1 < units.size()) {
        block.add(Activation.reluBlock());
      }
    }
    return block;
  }

  @Override
  protected void load(Path stem, int inputs) throws Exception {
    Model model = Model.newInstance("network", "PyTorch");
    model.setBlock(block(List.of(Files.readString(stem.resolve("units")).split(" "))));
    model.load(stem, "network");
    predictor = model.newPredictor(new Rows(inputs));
  }

  @Override
  protected float[] predict(float[] x, int rows) throws Exception {
    return predictor.predict(x);
  }

  /** Rows in one array, results in another. */
  private static final class Rows implements Translator<float[], float[]> {
    private final int inputs;

    Rows(int inputs) {
      this.inputs = inputs;
    }

    @Override
    public NDList processInput(TranslatorContext context, float[] x) {
      Shape shape = new Shape(x.length / inputs, inputs);
      return new NDList(context.getNDManager().create(x, shape));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList outputs) {
      return outputs.singletonOrThrow().toFloatArray();
    }

    @Override
    public Batchifier getBatchifier() {
      return null;
    }
  }
}
