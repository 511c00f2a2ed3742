package org.modelc.conformance.gpu;

import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.cuda.CudaCode;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** What a model's functions give for inputs that a size draws, and a file of such outputs. */
final class Outputs {
  /** The calls of a function; some again, which are graphs then. */
  static final int[] SIZES = {1, 13, 64, 13, 64, 64};

  private Outputs() {}

  /** A jar's model as bytecode. */
  static Model bytecode(Path jar) {
    String before = System.getProperty(CudaCode.PROPERTY, "");
    System.setProperty(CudaCode.PROPERTY, "off");
    try {
      return ModelArchive.open(jar).model();
    } finally {
      System.setProperty(CudaCode.PROPERTY, before);
    }
  }

  /** Calls a function with inputs of a size; gives its results by {@code function/size/name}. */
  static Map<String, Tensor> of(FunctionSpec function, Frame frame, int size) {
    run(frame, size);
    Map<String, Tensor> outputs = new TreeMap<>();
    for (int output : frame.program().positions(Role.OUTPUT)) {
      Buffer buffer = frame.program().abi().buffers().get(output);
      if (buffer.updates() == null && buffer.dtype() != DType.I32) {
        int count = frame.size(output);
        Object own = Tensor.newArray(buffer.dtype(), count);
        System.arraycopy(frame.array(buffer.name()), 0, own, 0, count);
        String name = function.name() + "/" + size + "/" + buffer.name();
        outputs.put(name, new Tensor(buffer.dtype(), List.of(count), own));
      }
    }
    return outputs;
  }

  private static void run(Frame frame, int size) {
    Random random = new Random(size);
    frame.program().abi().dims().forEach(dim -> frame.dim(dim, size));
    for (int input : frame.program().positions(Role.INPUT)) {
      Buffer buffer = frame.program().abi().buffers().get(input);
      Map<String, Integer> dims = new HashMap<>();
      buffer.size().symbols().forEach(dim -> dims.put(dim, size));
      int count = (int) buffer.size().evaluate(dims);
      Object array = Tensor.newArray(buffer.dtype(), count);
      for (int i = 0; i < count && array instanceof float[] floats; i++) {
        floats[i] = random.nextFloat();
      }
      frame.bind(input, array);
    }
    frame.run();
  }

  /**
   * How far outputs lie from what is expected, as a part of each one's largest element.
   *
   * @throws ModelcException if one is not expected, or of another number of elements
   */
  static double difference(Map<String, Tensor> outputs, Map<String, Tensor> expected) {
    double worst = 0;
    for (Map.Entry<String, Tensor> each : outputs.entrySet()) {
      Tensor known = expected.get(each.getKey());
      if (known == null || known.size() != each.getValue().size()) {
        throw new ModelcException(
            "nothing is known of " + each.getKey(),
            "make the archive again: conformance/first-gpu");
      }
      worst = Math.max(worst, difference(each.getValue().array(), known.array(), known.size()));
    }
    return worst;
  }

  private static double difference(Object actual, Object expected, int size) {
    double most = 0;
    double largest = 1e-30;
    for (int i = 0; i < size; i++) {
      double value = Array.getDouble(expected, i);
      double difference = Math.abs(Array.getDouble(actual, i) - value);
      most = Math.max(most, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
      largest = Math.max(largest, Math.abs(value));
    }
    return most / largest;
  }

  private static Path file(Path jar) {
    return jar.resolveSibling(jar.getFileName() + ".expected");
  }

  /** Writes what the jar's bytecode gives on this machine beside the jar. */
  static void write(Path jar) {
    Model model = bytecode(jar);
    Map<String, Tensor> all = new TreeMap<>();
    for (FunctionSpec function : model.manifest().functions()) {
      Frame frame = model.programs().frame(function.program());
      for (int size : SIZES) {
        all.putAll(of(function, frame, size));
      }
    }
    new Safetensors(all, Map.of()).write(file(jar));
  }

  /**
   * What was written beside a jar.
   *
   * @throws ModelcException if there is no such file
   */
  static Map<String, Tensor> read(Path jar) {
    if (!Files.exists(file(jar))) {
      throw new ModelcException(
          "there is no " + file(jar), "make the archive again: conformance/first-gpu");
    }
    return Safetensors.read(file(jar)).tensors();
  }
}
