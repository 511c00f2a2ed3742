package org.modelc.benchmarks.peers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.modelc.benchmarks.contest.Materials;

/** libtorch's functions. Matrices are kept as torch's own layers keep them: [out, in]. */
final class LibtorchOperations implements TensorOperations<Tensor> {
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  /**
   * @param trained whether gradients are wanted
   */
  LibtorchOperations(Map<String, org.modelc.runtime.Tensor> values, boolean trained) {
    for (Map.Entry<String, org.modelc.runtime.Tensor> entry : values.entrySet()) {
      long[] shape = entry.getValue().shape().stream().mapToLong(Integer::longValue).toArray();
      Tensor tensor = torch.tensor(Materials.floats(entry.getValue())).reshape(shape);
      boolean matrix = shape.length == 2 && isLinear(entry.getKey());
      Tensor kept = (matrix ? tensor.t() : tensor).contiguous().clone();
      kept.requires_grad_(trained);
      parameters.put(entry.getKey(), kept);
    }
  }

  static boolean isLinear(String parameter) {
    return !parameter.contains("embedding") && !parameter.contains("position");
  }

  Tensor[] all() {
    return parameters.values().toArray(Tensor[]::new);
  }

  @Override
  public Tensor parameter(String name) {
    return parameters.get(name);
  }

  private TensorOptional optional(String name) {
    Tensor tensor = parameters.get(name);
    return tensor == null ? new TensorOptional() : new TensorOptional(tensor);
  }

  @Override
  public Tensor linear(Tensor x, String layer) {
    return torch.linear(x, parameter(layer + ".weight"), optional(layer + ".bias"));
  }

  @Override
  public Tensor layerNorm(Tensor x, String layer, double epsilon) {
    Tensor scale = parameter(layer + ".scale");
    long[] shape = {scale.size(0)};
    return torch.layer_norm(
        x, shape, new TensorOptional(scale), optional(layer + ".shift"), epsilon, true);
  }

  @Override
  public Tensor relu(Tensor x) {
    return torch.relu(x);
  }

  @Override
  public Tensor gelu(Tensor x) {
    return torch.gelu(x);
  }

  @Override
  public Tensor add(Tensor left, Tensor right) {
    return left.add(right);
  }

  @Override
  public Tensor embedding(Tensor indices, String layer) {
    return torch.embedding(parameter(layer + ".weight"), indices);
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads) {
    Tensor joined =
        torch.scaled_dot_product_attention(
            split(q, heads),
            split(k, heads),
            split(v, heads),
            new TensorOptional(),
            0,
            true,
            new DoubleOptional(),
            false);
    return joined.transpose(1, 2).reshape(q.size(0), q.size(1), q.size(2));
  }

  private static Tensor split(Tensor x, int heads) {
    return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }

  @Override
  public Tensor convolution(Tensor x, String layer) {
    long[] ones = {1, 1};
    return torch.conv2d(
        x, parameter(layer + ".weight"), optional(layer + ".bias"), ones, ones, ones, 1);
  }

  @Override
  public Tensor maxPool(Tensor x) {
    return torch.max_pool2d(x, 2, 2);
  }

  @Override
  public Tensor reshape(Tensor x, long... shape) {
    return x.reshape(shape);
  }
}
