package org.modelc.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.auto.service.AutoService;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.benchmarks.contest.Engine;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.benchmarks.contest.Workload;

/**
 * onnxruntime: all optimisations, inputs and outputs pinned in direct memory, as many threads
 * within an operator as asked. Each call copies its inputs from arrays, as ours does.
 */
@AutoService(Engine.class)
public final class OnnxRuntimeEngine implements Engine {
  private static final Set<String> MODELS = Set.of("tiny-mlp", "mlp", "encoder");

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public boolean runs(Workload workload) {
    boolean known = !workload.isCompressed() || OnnxModels.canQuantize(workload);
    return !workload.training() && known && MODELS.contains(workload.model());
  }

  @Override
  public Prepared prepare(Workload workload, Materials materials, int threads) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    byte[] model = OnnxModels.of(workload, materials.parameters(workload));
    OrtSession session = environment.createSession(model, options);
    return new Calls(environment, session, materials.inputs(workload));
  }

  @Override
  public List<String> firstPrediction(Workload workload, Materials materials) throws IOException {
    Path model = materials.folder().resolve(workload.row() + ".onnx");
    Files.write(model, OnnxModels.of(workload, materials.parameters(workload)));
    String path = place(OnnxFirstPrediction.class) + File.pathSeparator + place(OrtSession.class);
    return List.of("-cp", path, OnnxFirstPrediction.class.getName(), model.toString());
  }

  private static Path place(Class<?> type) throws IOException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static ByteBuffer direct(int elements) {
    return ByteBuffer.allocateDirect(4 * elements).order(ByteOrder.nativeOrder());
  }

  /** Calls of a session over pinned buffers. */
  private static final class Calls implements Prepared {
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxValue> outputs = new LinkedHashMap<>();
    private final FloatBuffer result;
    private final FloatBuffer floats;
    private final float[] values;

    Calls(OrtEnvironment environment, OrtSession session, Map<String, Object> given)
        throws OrtException {
      this.session = session;
      FloatBuffer buffer = null;
      float[] array = null;
      for (Map.Entry<String, Object> input : given.entrySet()) {
        long[] shape = shape(session.getInputInfo().get(input.getKey()).getInfo());
        if (input.getValue() instanceof float[] values) {
          array = values;
          buffer = direct(values.length).asFloatBuffer();
          inputs.put(input.getKey(), OnnxTensor.createTensor(environment, buffer, shape));
        } else {
          IntBuffer integers = integers(input.getValue());
          inputs.put(input.getKey(), OnnxTensor.createTensor(environment, integers, shape));
        }
      }
      this.floats = buffer;
      this.values = array;
      Map.Entry<String, ai.onnxruntime.NodeInfo> output =
          session.getOutputInfo().entrySet().iterator().next();
      long[] shape = shape(output.getValue().getInfo());
      int size = 1;
      for (long dim : shape) {
        size *= (int) dim;
      }
      result = direct(size).asFloatBuffer();
      outputs.put(output.getKey(), OnnxTensor.createTensor(environment, result, shape));
    }

    private static long[] shape(ai.onnxruntime.ValueInfo info) {
      return ((TensorInfo) info).getShape();
    }

    private static IntBuffer integers(Object values) {
      int count = java.lang.reflect.Array.getLength(values);
      IntBuffer buffer = direct(count).asIntBuffer();
      for (int i = 0; i < count; i++) {
        buffer.put(i, java.lang.reflect.Array.getInt(values, i));
      }
      return buffer;
    }

    @Override
    public float[] outcome() throws OrtException {
      call();
      float[] taken = new float[result.capacity()];
      result.get(0, taken);
      return taken;
    }

    @Override
    public void call() throws OrtException {
      if (values != null) {
        floats.put(0, values);
      }
      session.run(inputs, outputs).close();
    }
  }
}
