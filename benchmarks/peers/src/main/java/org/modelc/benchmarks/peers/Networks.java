package org.modelc.benchmarks.peers;

/** The benchmarks' models over an engine's operations, with the parameters' names of ours. */
final class Networks<T> {
  private static final int LAYERS = 4;
  private static final int HEADS = 8;
  private static final int CONTEXT = 128;
  private static final double EPSILON = 1e-5;

  private final TensorOperations<T> on;

  Networks(TensorOperations<T> operations) {
    this.on = operations;
  }

  /**
   * The logits of a model, a row for each label.
   *
   * @param x pictures {@code [B, 1, 28, 28]} or {@code [B, 784]}, or indices {@code [B, 128]}
   */
  T logits(String model, int batch, T x) {
    return switch (model) {
      case "mlp" -> dense("logits", 3, x);
      case "tiny-mlp" -> dense("predict", 3, x);
      case "train-cnn" -> pictures(batch, x);
      case "gpt" -> on.reshape(decoder(x), (long) batch * CONTEXT, -1);
      default -> throw new IllegalArgumentException(model);
    };
  }

  private static String numbered(String path, int number) {
    return number == 1 ? path : path + "_" + number;
  }

  private T dense(String function, int layers, T x) {
    T y = x;
    for (int i = 1; i <= layers; i++) {
      y = on.linear(y, numbered(function + ".dense", i));
      y = i < layers ? on.relu(y) : y;
    }
    return y;
  }

  private T pictures(int batch, T x) {
    T y = x;
    for (int i = 1; i <= 2; i++) {
      y = on.maxPool(on.relu(on.convolution(y, numbered("logits.conv", i))));
    }
    return dense("logits", 2, on.reshape(y, batch, -1));
  }

  private T decoder(T ids) {
    T x = on.embedding(ids, "logits.embedding");
    x = on.add(x, on.parameter("logits.learned_position.weight"));
    for (int layer = 0; layer < LAYERS; layer++) {
      x = block("logits." + layer + ".decoder_block.", x);
    }
    return on.linear(on.layerNorm(x, "logits.layer_norm", EPSILON), "logits.head");
  }

  private T block(String path, T x) {
    T normal = on.layerNorm(x, path + "attention_norm", EPSILON);
    String attention = path + "attention.";
    T joined =
        on.attention(
            on.linear(normal, attention + "query"),
            on.linear(normal, attention + "key"),
            on.linear(normal, attention + "value"),
            HEADS);
    T y = on.add(x, on.linear(joined, attention + "output"));
    String forward = path + "feed_forward.";
    T wide = on.linear(on.layerNorm(y, path + "feed_norm", EPSILON), forward + "widen");
    return on.add(y, on.linear(on.gelu(wide), forward + "narrow"));
  }
}
