package org.modelc.benchmarks.peers.comparison;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.benchmarks.contest.Workload;
import org.modelc.benchmarks.peers.OnnxModels;
import org.modelc.runtime.Tensor;

/** The networks that every engine runs, with the same parameters. */
enum Networks {
  TINY("tiny-mlp-b1", "TinyMlp", "predict", 10),
  MLP("mlp-b1", "Mlp", "logits", 784),
  BATCH("mlp-b256", "Mlp", "logits", 784);

  private static final int LAYERS = 3;

  private final String row;
  private final String model;
  private final String function;
  private final int inputs;

  Networks(String row, String model, String function, int inputs) {
    this.row = row;
    this.model = model;
    this.function = function;
    this.inputs = inputs;
  }

  String row() {
    return row;
  }

  int inputs() {
    return inputs;
  }

  Workload workload() {
    return Workload.of(row);
  }

  /** What a contender's program finds its model by: the model's name for us, else a file. */
  String stem(Contender contender) {
    return contender.jar() != null ? model : contender.module() + "-" + row;
  }

  /** Writes what engines make their model files of, and those of ONNX Runtime. */
  void write(Materials materials, Path folder) throws IOException {
    Map<String, Tensor> parameters = materials.parameters(workload());
    Files.write(
        folder.resolve("onnxruntime-" + row + ".onnx"), OnnxModels.of(workload(), parameters));
    try (DataOutputStream out =
        new DataOutputStream(
            new java.io.BufferedOutputStream(Files.newOutputStream(folder.resolve(row))))) {
      out.writeInt(LAYERS);
      for (int i = 1; i <= LAYERS; i++) {
        String layer = function + ".dense" + (i == 1 ? "" : "_" + i);
        Tensor weight = parameters.get(layer + ".weight");
        List<Integer> shape = weight.shape();
        out.writeInt(shape.get(0));
        out.writeInt(shape.get(1));
        for (float value : Materials.floats(weight)) {
          out.writeFloat(value);
        }
        for (float value : Materials.floats(parameters.get(layer + ".bias"))) {
          out.writeFloat(value);
        }
      }
    }
  }
}
