package org.modelc.passes.compress;

import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.spec.DType;

/**
 * A weight as integers, with the scales that lose least: for each channel the one of several whose
 * squared error is smallest, from the largest weight's down. Symmetric: the integer 0 stands for 0.
 *
 * @param integers i8, of the weight's shape
 * @param scales bf16, rounded up so that they reach as far as meant; 1 along the other axes
 * @param error the root of the mean squared error, over that of the weight itself
 */
public record StoredIntegers(Array integers, Array scales, double error) {
  private static final int TRIES = 16;
  private static final double STEP = 0.03;

  /**
   * Quantises a weight.
   *
   * @param axis the axis of channels; -1 for one scale for all
   * @param group how many elements of a channel share a scale, which then has the shape [groups, 1,
   *     channels]; 0 for all
   * @throws NotFiniteException if the weight has an element that is not finite
   */
  public static StoredIntegers of(Array weight, int axis, int bits, int group) {
    return new Search(weight, axis, bits, group).run();
  }

  /**
   * Quantises a weight with given scales.
   *
   * @param scales as the search would shape them, all above 0
   * @throws NotFiniteException if the weight has an element that is not finite, or a scale is not,
   *     or is 0
   */
  public static StoredIntegers of(Array weight, int axis, int bits, int group, Array scales) {
    return new Search(weight, axis, bits, group).with(scales);
  }

  /**
   * What the integers stand for.
   *
   * @param axis as they were made by
   * @param group as they were made by
   */
  public Array values(int axis, int group) {
    Array values = Array.zeros(DType.F32, integers.shape());
    for (int i = 0; i < values.size(); i++) {
      int[] index = Array.index(integers.shape(), i);
      int scale = axis < 0 ? 0 : index[axis];
      if (group > 0) {
        scale = index[0] / group * integers.shape()[1] + index[1];
      }
      values.data()[i] = (float) (integers.data()[i] * scales.data()[scale]);
    }
    return values;
  }

  /** The integers of four bits, two to a byte along an axis, as {@code unpack_int4} reads them. */
  public Array packed(int axis) {
    int[] shape = integers.shape().clone();
    shape[axis] = (shape[axis] + 1) / 2;
    Array bytes = Array.zeros(DType.I8, shape);
    for (int i = 0; i < integers.size(); i++) {
      int[] index = Array.index(integers.shape(), i);
      boolean high = index[axis] % 2 == 1;
      index[axis] /= 2;
      int at = Array.offset(shape, index);
      int half = (int) integers.data()[i] & 15;
      int whole = (int) bytes.data()[at] & 255;
      bytes.data()[at] = (byte) (high ? whole | half << 4 : whole | half);
    }
    return bytes;
  }

  /** A weight with an element that no integer stands for, or a scale that makes none. */
  public static final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotFiniteException(String what) {
      super(what);
    }
  }

  /**
   * Which elements share a scale.
   *
   * @param channels slices of the axis
   * @param inner elements after the axis
   * @param length elements of a channel
   * @param group elements of a channel that share a scale
   */
  private record Slices(int channels, int inner, int length, int group) {
    static Slices of(int[] shape, int axis, int group) {
      if (axis < 0) {
        int size = Array.size(shape);
        return new Slices(1, size, size, size);
      }
      int inner = 1;
      for (int i = axis + 1; i < shape.length; i++) {
        inner *= shape[i];
      }
      int length = shape[axis] == 0 ? 0 : Array.size(shape) / shape[axis];
      return new Slices(shape[axis], inner, length, group == 0 ? length : group);
    }

    /** How many scales there are: groups of the summed axes, outermost, by channels. */
    int count() {
      return group == 0 ? channels : length / group * channels;
    }

    /** Where the i-th element of a slice lies. */
    int place(int slice, int i) {
      int channel = slice % channels;
      int summed = slice / channels * group + i;
      return channels == 1
          ? summed
          : (summed / inner * channels + channel) * inner + summed % inner;
    }
  }

  private static final class Search {
    private final Array weight;
    private final Slices slices;
    private final int high;
    private final Array integers;
    private final Array scales;
    private double lost;
    private double whole;

    Search(Array weight, int axis, int bits, int group) {
      this.weight = weight;
      this.slices = Slices.of(weight.shape(), axis, group);
      this.high = (1 << (bits - 1)) - 1;
      int[] scaleShape;
      if (group == 0) {
        scaleShape = new int[weight.rank()];
        java.util.Arrays.fill(scaleShape, 1);
        if (axis >= 0) {
          scaleShape[axis] = slices.channels();
        }
      } else {
        scaleShape = new int[] {slices.length() / group, 1, slices.channels()};
      }
      this.integers = Array.zeros(DType.I8, weight.shape());
      this.scales = Array.zeros(DType.BF16, scaleShape);
    }

    StoredIntegers run() {
      for (int slice = 0; slice < slices.count(); slice++) {
        double scale = best(slice);
        scales.data()[slice] = scale;
        store(slice, scale);
      }
      return new StoredIntegers(integers, scales, whole == 0 ? 0 : Math.sqrt(lost / whole));
    }

    StoredIntegers with(Array given) {
      for (int slice = 0; slice < slices.count(); slice++) {
        double scale = given.data()[slice];
        if (!Double.isFinite(scale) || scale <= 0) {
          throw new NotFiniteException("a scale is " + scale);
        }
        largest(slice);
        scales.data()[slice] = scale;
        store(slice, scale);
      }
      return new StoredIntegers(integers, scales, whole == 0 ? 0 : Math.sqrt(lost / whole));
    }

    private double largest(int slice) {
      double largest = 0;
      for (int i = 0; i < slices.group(); i++) {
        double element = weight.data()[slices.place(slice, i)];
        if (!Double.isFinite(element)) {
          throw new NotFiniteException("an element is " + element);
        }
        largest = Math.max(largest, Math.abs(element));
      }
      return largest;
    }

    private double best(int slice) {
      double largest = largest(slice);
      if (largest == 0) {
        return 1;
      }
      double best = roundedUp(largest / high);
      double least = error(slice, best);
      for (int step = 1; step < TRIES; step++) {
        double scale = roundedUp(largest * (1 - step * STEP) / high);
        double error = error(slice, scale);
        if (error < least) {
          least = error;
          best = scale;
        }
      }
      return best;
    }

    private double error(int slice, double scale) {
      double sum = 0;
      for (int i = 0; i < slices.group(); i++) {
        double element = weight.data()[slices.place(slice, i)];
        double difference = element - scale * integer(element, scale);
        sum += difference * difference;
      }
      return sum;
    }

    private double integer(double element, double scale) {
      return Math.max(-high, Math.min(high, Math.rint(element / scale)));
    }

    private void store(int slice, double scale) {
      for (int i = 0; i < slices.group(); i++) {
        int at = slices.place(slice, i);
        double element = weight.data()[at];
        integers.data()[at] = integer(element, scale);
        double difference = element - scale * integers.data()[at];
        lost += difference * difference;
        whole += element * element;
      }
    }

    /** The next bf16 that is no less; never 0, and no infinity. */
    private static double roundedUp(double value) {
      float single = (float) Math.max(value, Float.MIN_NORMAL);
      int bits = Float.floatToRawIntBits(single);
      int cut = bits & 0xffff0000;
      boolean exact = cut == bits && single >= value;
      float up = Float.intBitsToFloat(exact ? cut : cut + 0x10000);
      return Float.isInfinite(up) ? Float.intBitsToFloat(cut) : up;
    }
  }
}
