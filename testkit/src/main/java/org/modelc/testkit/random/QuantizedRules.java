package org.modelc.testkit.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Convolution;
import org.modelc.ir.ops.Dequantize;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.Quantize;
import org.modelc.ir.ops.SparseMatmul;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.ops.UnpackInt4;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Products of quantised values and of sparse matrices, as compression makes them. Scales are powers
 * of two and values to be quantised are quarters, so that every precision rounds to the same
 * integers.
 */
final class QuantizedRules {
  private static final int PANEL = 16;

  private final Growth growth;

  QuantizedRules(Growth growth) {
    this.growth = growth;
  }

  boolean grow() {
    return switch (growth.random.nextInt(5)) {
      case 0 -> sparse();
      case 1, 2 -> matrix();
      default -> convolution();
    };
  }

  /** A product with a matrix that is stored without its zeros. */
  private boolean sparse() {
    List<Dim> left = growth.shape(1 + growth.random.nextInt(3));
    Dim depth = left.get(left.size() - 1);
    // Whether a zero that is not stored meets what is not finite is left open.
    if (!depth.isStatic() || depth.is(0) || growth.withSpecials) {
      return false;
    }
    int columns = 1 + growth.random.nextInt(40);
    double[] starts = new double[(columns + PANEL - 1) / PANEL + 1];
    for (int panel = 1; panel < starts.length; panel++) {
      starts[panel] = starts[panel - 1] + growth.random.nextInt(4);
    }
    double[] values = new double[((int) starts[starts.length - 1]) * PANEL];
    double[] rows = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int line = i / PANEL;
      boolean isColumn = i % PANEL < columns % PANEL || line < starts[starts.length - 2];
      values[i] = isColumn ? power() : 0;
      rows[i] = growth.random.nextInt(depth.intValue());
    }
    Dim steps = Dim.constant(values.length / PANEL);
    List<Dim> shape = List.of(steps, Dim.constant(PANEL));
    Value matrix = Constant.of(growth.builder, growth.dtype, shape, values);
    Value places = Constant.of(growth.builder, DType.I32, shape, rows);
    List<Dim> ends = List.of(Dim.constant(starts.length));
    Value begin = Constant.of(growth.builder, DType.I32, ends, starts);
    Value x = growth.input(growth.dtype, left);
    return growth.keep(List.of(SparseMatmul.of(growth.builder, x, matrix, places, begin, columns)));
  }

  private boolean matrix() {
    List<Dim> left = growth.shape(2 + growth.random.nextInt(2));
    Dim columns = growth.columns();
    if (!columns.isStatic() || !left.get(left.size() - 1).isStatic()) {
      return false;
    }
    Value x = growth.random.nextInt(3) == 0 ? digits(left) : input(left);
    List<Dim> shape = List.of(left.get(left.size() - 1), columns);
    Value weight = growth.random.nextInt(3) == 0 ? halves(shape) : weight(shape, 1);
    return growth.keep(List.of(Matmul.of(growth.builder, x, weight)));
  }

  private boolean convolution() {
    Dim channels = Dim.constant(1 + growth.random.nextInt(3));
    Dim filters = growth.channels();
    Value x = input(List.of(growth.shape(2).get(0), channels, Dim.constant(5), Dim.constant(7)));
    Dim window = Dim.constant(1 + growth.random.nextInt(3));
    Value weight = weight(List.of(filters, channels, window, window), 0);
    List<Integer> one = List.of(1);
    List<Dim> padding = List.of(Dim.constant(growth.random.nextInt(2)));
    Convolution.Attributes windows =
        new Convolution.Attributes(
            List.of(1 + growth.random.nextInt(2)), padding, padding, one, one, 1);
    return growth.keep(List.of(Convolution.of(growth.builder, x, weight, windows)));
  }

  /** Integers seen as floats: of new values, or of one there is. */
  private Value input(List<Dim> shape) {
    Value whole = Cast.of(growth.builder, growth.input(DType.I32, shape), growth.dtype);
    Value scale = Constant.like(growth.builder, whole, power());
    Value zero = whole(growth.random.nextInt(3) == 0 ? 0 : growth.random.nextInt(21) - 10);
    int bits = growth.random.nextInt(4) == 0 ? 4 : 8;
    Value q = Quantize.of(growth.builder, whole, scale, zero, bits);
    return Dequantize.of(growth.builder, q, scale, zero);
  }

  /** The same by two digits, of which the low one is of what the high one leaves. */
  private Value digits(List<Dim> shape) {
    Value whole = Cast.of(growth.builder, growth.input(DType.I32, shape), growth.dtype);
    double unit = power();
    Value high = quantized(whole, 4 * unit);
    Value rest = Subtract.of(growth.builder, whole, high);
    return Add.of(growth.builder, high, quantized(rest, unit));
  }

  private Value quantized(Value x, double unit) {
    Value scale = Constant.like(growth.builder, x, unit);
    Value q = Quantize.of(growth.builder, x, scale, whole(0), 8);
    return Dequantize.of(growth.builder, q, scale, whole(0));
  }

  /** Integers of four bits, two to a byte. */
  private Value halves(List<Dim> shape) {
    int size = shape.get(0).intValue();
    List<Dim> bytes = List.of(Dim.constant((size + 1) / 2), shape.get(1));
    Value stored = growth.stored(DType.I8, bytes);
    return scaled(UnpackInt4.of(growth.builder, stored, 0, size), 1);
  }

  /** Stored integers, at times with a scale for each channel; or floats of 16 bits. */
  private Value weight(List<Dim> shape, int axis) {
    if (growth.random.nextInt(3) == 0) {
      DType half = growth.random.nextBoolean() ? DType.F16 : DType.BF16;
      return Cast.of(growth.builder, growth.stored(half, shape), growth.dtype);
    }
    Value whole = growth.input(DType.I32, shape);
    return scaled(Cast.of(growth.builder, whole, DType.I8), axis);
  }

  private Value scaled(Value stored, int axis) {
    List<Dim> shape = stored.tensor().shape();
    List<Dim> scales = new ArrayList<>(Collections.nCopies(shape.size(), Dim.ONE));
    scales.set(axis, shape.get(axis));
    double[] powers = new double[shape.get(axis).intValue()];
    Arrays.setAll(powers, i -> power());
    Value scale = Constant.of(growth.builder, growth.dtype, scales, powers);
    return Dequantize.of(growth.builder, stored, scale, whole(0));
  }

  private double power() {
    return Math.scalb(1.0, growth.random.nextInt(4) - 3);
  }

  private Value whole(int number) {
    return Constant.scalar(growth.builder, DType.I32, number);
  }
}
