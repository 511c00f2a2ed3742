package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.runtime.spec.Dim;

/**
 * A share of a convolution's outputs along an axis: the output at {@code outputFirst + outputStep ×
 * n} is the sum over {@code tap} of the input's element at {@code inputFirst + inputStep × n +
 * tapStep × tap} times the kernel's at {@code kernelFirst + kernelStep × tap}.
 *
 * @param outputs how many outputs there are
 * @param taps how many elements of the kernel they meet
 */
record WindowPart(
    Dim outputs,
    long outputFirst,
    long outputStep,
    Dim taps,
    long kernelFirst,
    long kernelStep,
    long inputFirst,
    long inputStep,
    long tapStep) {
  /** All outputs of an axis, for an input with zeros around and between its elements. */
  static WindowPart whole(WindowGeometry windows, int axis) {
    return new WindowPart(
        windows.outputs().get(axis),
        0,
        1,
        windows.windows().get(axis),
        0,
        1,
        0,
        windows.strides().get(axis),
        windows.kernelDilation().get(axis));
  }

  /** The shares of an axis, for an input without zeros; null if not enough is known. */
  static List<WindowPart> shares(WindowGeometry windows, int axis) {
    Dim low = windows.low().get(axis);
    Dim window = windows.windows().get(axis);
    if (!low.isStatic() || !window.isStatic()) {
      return null;
    }
    long dilation = windows.inputDilation().get(axis);
    long stride = windows.strides().get(axis);
    long distance = windows.kernelDilation().get(axis);
    long count = dilation / divisor(stride, dilation);
    long kernelStep = dilation / divisor(distance, dilation);
    List<WindowPart> shares = new ArrayList<>();
    for (long first = 0; first < count; first++) {
      Dim outputs = DimArithmetic.ceilDivide(windows.outputs().get(axis).plus(-first), count);
      if (outputs == null) {
        return null;
      }
      long begin = stride * first - low.value();
      long tap = firstTap(begin, distance, dilation, kernelStep);
      long taps = Math.max(0, (window.value() - tap + kernelStep - 1) / kernelStep);
      WindowPart share =
          new WindowPart(
              outputs,
              first,
              count,
              Dim.constant(taps),
              tap,
              kernelStep,
              Math.floorDiv(begin + tap * distance, dilation),
              stride * count / dilation,
              distance * kernelStep / dilation);
      if (!outputs.is(0)) {
        shares.add(share);
      }
    }
    return shares;
  }

  /** The first place of the kernel that meets an element; far behind it if none does. */
  private static long firstTap(long begin, long distance, long dilation, long most) {
    for (long tap = 0; tap < most; tap++) {
      if (Math.floorMod(begin + tap * distance, dilation) == 0) {
        return tap;
      }
    }
    return Integer.MAX_VALUE;
  }

  private static long divisor(long one, long other) {
    return other == 0 ? one : divisor(other, one % other);
  }

  /** The same share of an input with so much before it. */
  WindowPart shifted(long elements) {
    return new WindowPart(
        outputs,
        outputFirst,
        outputStep,
        taps,
        kernelFirst,
        kernelStep,
        inputFirst + elements,
        inputStep,
        tapStep);
  }

  /** The place behind the last element of the input that is read. */
  Dim end() {
    return outputs
        .plus(-1)
        .times(inputStep)
        .plus(taps.plus(-1).times(tapStep))
        .plus(inputFirst + 1);
  }

  Expr output(Expr number) {
    return at(outputFirst, DimArithmetic.scale(number, outputStep));
  }

  Expr input(Expr number, Expr tap) {
    Expr from = DimArithmetic.scale(number, inputStep);
    return at(inputFirst, sum(from, DimArithmetic.scale(tap, tapStep)));
  }

  Expr kernel(Expr tap) {
    return at(kernelFirst, DimArithmetic.scale(tap, kernelStep));
  }

  private static Expr at(long first, Expr place) {
    return first == 0 ? place : sum(place, Expr.integer(first));
  }

  static Expr sum(Expr left, Expr right) {
    return isZero(left) ? right : isZero(right) ? left : left.plus(right);
  }

  static boolean isZero(Expr expr) {
    return expr instanceof Expr.IntConst constant && constant.value() == 0;
  }
}
