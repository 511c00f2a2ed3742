package org.modelc.testkit.random;

import java.util.Arrays;
import java.util.Random;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.runtime.spec.DType;

/** Random elements: sixteenths, so that float32 holds them and sums of them exactly. */
final class RandomData {
  private static final double[] SPECIAL = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, 1, 207
  };
  private final Random random;
  private final boolean withSpecials;

  RandomData(Random random, boolean withSpecials) {
    this.random = random;
    this.withSpecials = withSpecials;
  }

  Array array(DType dtype, int[] shape) {
    Array array = Array.zeros(dtype, shape);
    Arrays.setAll(array.data(), i -> element(dtype));
    return array;
  }

  /** Indices below a limit. */
  Array indices(int[] shape, int limit) {
    Array array = Array.zeros(DType.I32, shape);
    Arrays.setAll(array.data(), i -> random.nextInt(limit));
    return array;
  }

  private double element(DType dtype) {
    return switch (dtype) {
      case F32, F64, F16, BF16 ->
          withSpecials && random.nextInt(25) == 0
              ? ScalarFunctions.round(dtype, SPECIAL[random.nextInt(SPECIAL.length)])
              : (random.nextInt(97) - 48) / 16.0;
      case I8, I32, I64 -> random.nextInt(11) - 5;
      case BOOL -> random.nextInt(2);
    };
  }
}
