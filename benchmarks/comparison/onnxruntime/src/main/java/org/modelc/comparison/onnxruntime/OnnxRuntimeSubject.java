package org.modelc.comparison.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.modelc.comparison.Network;
import org.modelc.comparison.Subject;

/** ONNX Runtime over a file that the benchmarks write. */
public final class OnnxRuntimeSubject extends Subject {
  private OrtEnvironment environment;
  private OrtSession session;
  private int inputs;

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    new OnnxRuntimeSubject().run(arguments);
  }

  @Override
  protected void write(Network network, Path stem, int batch) {
    throw new UnsupportedOperationException("the benchmarks write " + stem + ".onnx");
  }

  @Override
  protected void load(Path stem, int inputs) throws OrtException {
    this.inputs = inputs;
    environment = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    session = environment.createSession(stem + ".onnx", options);
  }

  @Override
  protected float[] predict(float[] x, int rows) throws OrtException {
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {rows, inputs});
        OrtSession.Result result = session.run(Map.of("x", tensor))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] outputs = new float[values.remaining()];
      values.get(outputs);
      return outputs;
    }
  }
}
