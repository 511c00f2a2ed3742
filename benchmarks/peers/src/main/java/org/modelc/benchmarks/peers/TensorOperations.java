package org.modelc.benchmarks.peers;

/**
 * What eager engines have in common, so that each network is written once. Parameters are named by
 * the layer they belong to; matrices lie as the engine likes them.
 *
 * @param <T> the engine's tensors
 */
interface TensorOperations<T> {
  /** {@code x @ weight + bias}, without the bias where there is none. */
  T linear(T x, String layer);

  /** Over the last axis, with scale and shift. */
  T layerNorm(T x, String layer, double epsilon);

  T relu(T x);

  /** The exact one, by erf. */
  T gelu(T x);

  T add(T left, T right);

  /** Rows of a table. */
  T embedding(T indices, String layer);

  /** A parameter as it is. */
  T parameter(String name);

  /** Heads side by side in the last axis, as our own op has them; causal. */
  T attention(T q, T k, T v, int heads);

  /** A filter of 3 × 3 with zeros around the picture. */
  T convolution(T x, String layer);

  /** Windows of 2 × 2. */
  T maxPool(T x);

  T reshape(T x, long... shape);
}
