package org.modelc.benchmarks.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import java.util.LinkedHashMap;
import java.util.Map;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.runtime.Tensor;

/** DJL's functions. Attention is written out, as in DJL's own transformer blocks. */
final class DjlOperations implements TensorOperations<NDArray> {
  private static final float HIDDEN = -1e9f;

  private final Map<String, NDArray> parameters = new LinkedHashMap<>();
  private final NDArray future;

  DjlOperations(NDManager manager, Map<String, Tensor> values, boolean trained) {
    for (Map.Entry<String, Tensor> entry : values.entrySet()) {
      Shape shape =
          new Shape(entry.getValue().shape().stream().mapToLong(Integer::longValue).toArray());
      NDArray array = manager.create(Materials.floats(entry.getValue()), shape);
      boolean matrix = shape.dimension() == 2 && LibtorchOperations.isLinear(entry.getKey());
      NDArray kept = matrix ? array.transpose().duplicate() : array;
      kept.setRequiresGradient(trained);
      parameters.put(entry.getKey(), kept);
    }
    NDArray places = manager.arange(128);
    future =
        places.expandDims(0).gt(places.expandDims(1)).toType(DataType.FLOAT32, true).mul(HIDDEN);
  }

  Map<String, NDArray> all() {
    return parameters;
  }

  @Override
  public NDArray parameter(String name) {
    return parameters.get(name);
  }

  @Override
  public NDArray linear(NDArray x, String layer) {
    return only(Linear.linear(x, parameter(layer + ".weight"), parameter(layer + ".bias")));
  }

  private static NDArray only(NDList list) {
    return list.singletonOrThrow();
  }

  @Override
  public NDArray layerNorm(NDArray x, String layer, double epsilon) {
    NDArray scale = parameter(layer + ".scale");
    return only(
        LayerNorm.layerNorm(
            x, scale.getShape(), scale, parameter(layer + ".shift"), (float) epsilon));
  }

  @Override
  public NDArray relu(NDArray x) {
    return Activation.relu(x);
  }

  @Override
  public NDArray gelu(NDArray x) {
    return Activation.gelu(x);
  }

  @Override
  public NDArray add(NDArray left, NDArray right) {
    return left.add(right);
  }

  @Override
  public NDArray embedding(NDArray indices, String layer) {
    return only(
        Embedding.embedding(
            indices, parameter(layer + ".weight"), ai.djl.ndarray.types.SparseFormat.DENSE));
  }

  @Override
  public NDArray attention(NDArray q, NDArray k, NDArray v, int heads) {
    long width = q.getShape().get(2);
    NDArray scores =
        split(q, heads)
            .matMul(split(k, heads).transpose(0, 1, 3, 2))
            .mul((float) Math.sqrt((double) heads / width));
    NDArray joined = scores.add(future).softmax(-1).matMul(split(v, heads));
    return joined.transpose(0, 2, 1, 3).reshape(q.getShape());
  }

  private static NDArray split(NDArray x, int heads) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), heads, shape.get(2) / heads).transpose(0, 2, 1, 3);
  }

  @Override
  public NDArray convolution(NDArray x, String layer) {
    Shape ones = new Shape(1, 1);
    NDArray weight = parameter(layer + ".weight");
    return only(
        ai.djl.nn.convolutional.Conv2d.conv2d(
            x, weight, parameter(layer + ".bias"), ones, ones, ones));
  }

  @Override
  public NDArray maxPool(NDArray x) {
    Shape two = new Shape(2, 2);
    return Pool.maxPool2d(x, two, two, new Shape(0, 0), false);
  }

  @Override
  public NDArray reshape(NDArray x, long... shape) {
    return x.reshape(shape);
  }
}
