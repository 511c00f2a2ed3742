package org.modelc.benchmarks.contest;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What workloads are run on: noise that every process makes alike. */
final class Inputs {
  private static final int SEED = 1;
  private static final int WORDS = 30522;
  private static final int BYTES = 256;
  private static final int CONTEXT = 128;
  private static final int PIXELS = 784;

  private Inputs() {}

  /** By the names of the program's inputs. */
  static Map<String, Object> of(Workload workload) {
    int batch = workload.dims().getOrDefault("B", 1);
    Map<String, Object> inputs = new LinkedHashMap<>();
    Random random = new Random(SEED);
    switch (workload.model()) {
      case "tiny-mlp" -> inputs.put("x", floats(random, batch * 10));
      case "mlp", "train-cnn" -> {
        inputs.put("x", floats(random, batch * PIXELS));
        if (workload.training()) {
          inputs.put("label", integers(random, batch, 10));
        }
      }
      case "encoder" -> {
        int places = batch * workload.dims().get("T");
        inputs.put("ids", integers(random, places, WORDS));
        inputs.put("kinds", new int[places]);
        byte[] mask = new byte[places];
        Arrays.fill(mask, (byte) 1);
        inputs.put("mask", mask);
      }
      case "gpt" -> {
        inputs.put("ids", integers(random, batch * CONTEXT, BYTES));
        inputs.put("next", integers(random, batch * CONTEXT, BYTES));
      }
      case "gemm" -> {
        int inner = workload.settings().get("inner");
        inputs.put("a", floats(random, workload.settings().get("rows") * inner));
        inputs.put("b", floats(random, workload.settings().get("columns") * inner));
      }
      default -> throw new IllegalArgumentException("no inputs of " + workload.model());
    }
    return inputs;
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static int[] integers(Random random, int count, int limit) {
    return random.ints(count, 0, limit).toArray();
  }
}
