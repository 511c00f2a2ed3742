package org.modelc.comparison.dl4j;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.modelc.comparison.Network;
import org.modelc.comparison.Subject;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** DL4J with its own model file. */
public final class Dl4jSubject extends Subject {
  private MultiLayerNetwork network;
  private int inputs;

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    new Dl4jSubject().run(arguments);
  }

  @Override
  protected void write(Network given, Path stem, int batch) throws IOException {
    NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().list();
    for (int i = 0; i < given.layers(); i++) {
      int in = given.widths()[i];
      int out = given.widths()[i + 1];
      layers.layer(
          given.isHidden(i)
              ? new DenseLayer.Builder().nIn(in).nOut(out).activation(Activation.RELU).build()
              : new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                  .nIn(in)
                  .nOut(out)
                  .activation(Activation.IDENTITY)
                  .build());
    }
    MultiLayerNetwork made = new MultiLayerNetwork(layers.build());
    made.init();
    for (int i = 0; i < given.layers(); i++) {
      long[] shape = {given.widths()[i], given.widths()[i + 1]};
      made.setParam(i + "_W", Nd4j.create(given.weights()[i], shape, 'c'));
      made.setParam(i + "_b", Nd4j.create(given.biases()[i], new long[] {1, shape[1]}, 'c'));
    }
    ModelSerializer.writeModel(made, new File(stem + ".zip"), false);
  }

  @Override
  protected void load(Path stem, int inputs) throws IOException {
    this.inputs = inputs;
    network = ModelSerializer.restoreMultiLayerNetwork(new File(stem + ".zip"), false);
  }

  @Override
  protected float[] predict(float[] x, int rows) {
    return network.output(Nd4j.create(x, new long[] {rows, inputs}, 'c')).data().asFloat();
  }
}
