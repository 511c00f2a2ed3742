package org.modelc.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.benchmarks.contest.Workload;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.runtime.Tensor;

/**
 * The benchmarks' models for onnxruntime, in the operators that its own optimiser makes of an
 * exported transformer: they are written fused, so that nothing depends on a pattern being found.
 * Of compressed workloads the encoder is there, as onnxruntime's dynamic quantiser makes it: bytes
 * multiplied in {@code QAttention} and {@code DynamicQuantizeMatMul}, a scale for each column of a
 * weight, one scale for the whole of an input.
 */
public final class OnnxModels {

  private static final int WIDTH = 384;
  private static final int LARGEST_BYTE = 127;
  private static final int HEADS = 12;
  private static final int LAYERS = 6;
  private static final float EPSILON = 1e-12f;

  private final OnnxGraph graph = new OnnxGraph();
  private final Map<String, Tensor> parameters;
  private final Workload workload;

  private OnnxModels(Workload workload, Map<String, Tensor> parameters) {
    this.workload = workload;
    this.parameters = parameters;
  }

  /** Whether there is a quantised model for a workload. */
  static boolean canQuantize(Workload workload) {
    return workload.model().equals("encoder")
        && workload.compression().type() == CompressSpec.Type.INT8
        && workload.compression().kind() == CompressSpec.Kind.DYNAMIC;
  }

  /** The model file of a workload. */
  public static byte[] of(Workload workload, Map<String, Tensor> parameters) {
    OnnxModels models = new OnnxModels(workload, parameters);
    switch (workload.model()) {
      case "tiny-mlp" -> models.dense("predict", 10, 64, 64, 1);
      case "mlp" -> models.dense("logits", 784, 512, 256, 10);
      case "encoder" -> models.encoder();
      default -> throw new IllegalArgumentException(workload.model());
    }
    return models.graph.model();
  }

  private String parameter(String name) {
    Tensor tensor = parameters.get(name);
    int[] shape = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
    return graph.constant(Materials.floats(tensor), shape);
  }

  private void dense(String function, int... widths) {
    int batch = workload.dims().get("B");
    String x = graph.input("x", batch, widths[0]);
    for (int i = 1; i < widths.length; i++) {
      String layer = function + ".dense" + (i == 1 ? "" : "_" + i);
      x = graph.node("Gemm", x, parameter(layer + ".weight"), parameter(layer + ".bias"));
      x = i + 1 < widths.length ? graph.node("Relu", x) : x;
    }
    finish(x, batch, widths[widths.length - 1]);
  }

  private void finish(String value, int... shape) {
    graph.output(value, shape);
  }

  private void encoder() {
    int batch = workload.dims().get("B");
    int steps = workload.dims().get("T");
    List<String> embedded =
        graph.contributed(
            OnnxGraph.CONTRIBUTED,
            "EmbedLayerNormalization",
            Map.of("epsilon", EPSILON),
            List.of(
                graph.integers("ids", batch, steps),
                graph.integers("kinds", batch, steps),
                parameter("encode.words.weight"),
                parameter("encode.learned_position.weight"),
                parameter("encode.kinds.weight"),
                parameter("encode.layer_norm.scale"),
                parameter("encode.layer_norm.shift"),
                graph.integers("mask", batch, steps)),
            2);
    String x = embedded.get(0);
    for (int layer = 0; layer < LAYERS; layer++) {
      x = block("encode." + layer + ".encoder_block.", x, embedded.get(1));
    }
    finish(x, batch, steps, WIDTH);
  }

  private String block(String path, String x, String mask) {
    String attention = path + "masked_attention.";
    String joined = attention(attention, x, mask);
    String projected = product(joined, attention + "output.weight");
    String y = normalized(path + "attention_norm", projected, x, attention + "output.bias");
    String wide = product(y, path + "feed_forward.widen.weight");
    String active = fused("BiasGelu", Map.of(), wide, parameter(path + "feed_forward.widen.bias"));
    String narrow = product(active, path + "feed_forward.narrow.weight");
    return normalized(path + "output_norm", narrow, y, path + "feed_forward.narrow.bias");
  }

  private String attention(String path, String x, String mask) {
    float[] weights = sideBySide(path, ".weight");
    String bias = graph.constant(sideBySide(path, ".bias"), 3 * WIDTH);
    Map<String, Integer> heads = Map.of("num_heads", HEADS);
    if (!workload.isCompressed()) {
      String floats = graph.constant(weights, WIDTH, 3 * WIDTH);
      return fused("Attention", heads, x, floats, bias, mask);
    }
    Bytes bytes = Bytes.of(weights, 3 * WIDTH);
    List<String> quantized =
        graph.contributed("", "DynamicQuantizeLinear", Map.of(), List.of(x), 3);
    return fused(
        "QAttention",
        heads,
        quantized.get(0),
        graph.constant(bytes.elements, WIDTH, 3 * WIDTH),
        bias,
        quantized.get(1),
        graph.constant(bytes.scales, 3 * WIDTH),
        mask,
        quantized.get(2));
  }

  private String product(String x, String weight) {
    if (!workload.isCompressed()) {
      return graph.node("MatMul", x, parameter(weight));
    }
    int columns = parameters.get(weight).shape().get(1);
    int rows = parameters.get(weight).shape().get(0);
    Bytes bytes = Bytes.of(Materials.floats(parameters.get(weight)), columns);
    return fused(
        "DynamicQuantizeMatMul",
        Map.of(),
        x,
        graph.constant(bytes.elements, rows, columns),
        graph.constant(bytes.scales, columns));
  }

  /**
   * A matrix in bytes.
   *
   * @param scales one for each column
   */
  private record Bytes(byte[] elements, float[] scales) {
    static Bytes of(float[] weights, int columns) {
      float[] scales = new float[columns];
      for (int i = 0; i < weights.length; i++) {
        float scale = Math.abs(weights[i]) / LARGEST_BYTE;
        scales[i % columns] = Math.max(scales[i % columns], scale);
      }
      byte[] elements = new byte[weights.length];
      for (int i = 0; i < weights.length; i++) {
        elements[i] = (byte) Math.rint(weights[i] / scales[i % columns]);
      }
      return new Bytes(elements, scales);
    }
  }

  private String normalized(String norm, String x, String skip, String bias) {
    return fused(
        "SkipLayerNormalization",
        Map.of("epsilon", EPSILON),
        x,
        skip,
        parameter(norm + ".scale"),
        parameter(norm + ".shift"),
        parameter(bias));
  }

  private String fused(String operator, Map<String, ?> attributes, String... inputs) {
    return graph
        .contributed(OnnxGraph.CONTRIBUTED, operator, attributes, List.of(inputs), 1)
        .get(0);
  }

  /** The rows of the query's, the key's and the value's matrix beside each other. */
  private float[] sideBySide(String attention, String kind) {
    List<float[]> parts = new ArrayList<>();
    for (String name : List.of("query", "key", "value")) {
      parts.add(Materials.floats(parameters.get(attention + name + kind)));
    }
    int rows = parts.get(0).length / WIDTH;
    float[] joined = new float[3 * parts.get(0).length];
    for (int row = 0; row < rows; row++) {
      for (int part = 0; part < 3; part++) {
        System.arraycopy(parts.get(part), row * WIDTH, joined, (3 * row + part) * WIDTH, WIDTH);
      }
    }
    return joined;
  }
}
