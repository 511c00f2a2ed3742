package org.modelc.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Loads the classifier, predicts once, and ends. Arguments: the model's file; {@code memory}. */
public final class OnnxFirstPrediction {
  private static final int PIXELS = 784;

  private OnnxFirstPrediction() {}

  /** Prints the first logit. */
  public static void main(String[] arguments) throws OrtException, IOException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    OrtSession session = environment.createSession(arguments[0], options);
    OnnxTensor x = OnnxTensor.createTensor(environment, new float[1][PIXELS]);
    float[][] logits = (float[][]) session.run(Map.of("x", x)).get(0).getValue();
    System.out.println(logits[0][0]);
    if (arguments.length > 1) {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM")) {
          System.out.println(line);
        }
      }
    }
  }
}
