package org.modelc.ir.op;

import java.util.Arrays;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.spec.DType;

/**
 * Inputs for samples: numbers that any language can make without a shared generator, exact in f32.
 * {@code testkit/fixtures/op_samples.py} makes the same ones.
 */
public final class SampleValues {
  private SampleValues() {}

  /**
   * Distinct values (up to 101 of them) between -1.5625 and 1.5625 in a scattered order.
   *
   * @param seed gives another order
   */
  public static Array spread(int seed, int... shape) {
    double[] data = new double[Array.size(shape)];
    Arrays.setAll(data, i -> ((i * 37 + seed * 11) % 101 - 50) / 32.0);
    return Array.f32(shape, data);
  }

  /** Values in scattered order from 0.03125 to 3.15625. */
  public static Array positive(int seed, int... shape) {
    Array spread = spread(seed, shape);
    double[] data = Arrays.stream(spread.data()).map(value -> value + 51 / 32.0).toArray();
    return Array.f32(shape, data);
  }

  /** Integers 0 … limit-1 in scattered order. */
  public static Array indices(int seed, int limit, int... shape) {
    double[] data = new double[Array.size(shape)];
    Arrays.setAll(data, i -> (i * 37 + seed * 11) % 101 % limit);
    return new Array(DType.I32, shape, data);
  }
}
