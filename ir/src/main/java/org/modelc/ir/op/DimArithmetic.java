package org.modelc.ir.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.Dim;

/** Sizes of windows and slices over dims, and index expressions with dims in them. */
public final class DimArithmetic {
  private DimArithmetic() {}

  /**
   * The dim ⌈dividend / divisor⌉, where it is a polynomial: every term but the constant one must
   * divide exactly.
   *
   * @param divisor at least 1
   * @return null if it is no polynomial
   */
  public static Dim ceilDivide(Dim dividend, long divisor) {
    for (long rest = 0; rest < divisor; rest++) {
      Dim quotient = dividend.plus(rest).dividedExactly(Dim.constant(divisor));
      if (quotient != null) {
        return quotient;
      }
    }
    return null;
  }

  /** The dim ⌊dividend / divisor⌋, or null if it is no polynomial. */
  public static Dim floorDivide(Dim dividend, long divisor) {
    return ceilDivide(dividend.plus(1 - divisor), divisor);
  }

  /**
   * How often a window fits: ⌊(size − window) / stride⌋ + 1.
   *
   * @throws OpException if the window is larger than what it slides over, or if the number is no
   *     polynomial of the dims
   */
  public static Dim windows(String opName, Dim size, Dim window, long stride) {
    Dim room = size.minus(window);
    if (room.isStatic() && room.value() < 0) {
      throw new OpException(
          opName + "'s window of " + window + " does not fit into " + size + " with its padding",
          "pad more, or take a smaller window");
    }
    Dim steps = floorDivide(room, stride);
    if (steps == null) {
      throw new OpException(
          opName
              + " with stride "
              + stride
              + " over "
              + size
              + " has a number of windows that depends"
              + " on the rest of a division",
          "make the dim a multiple: declare it as " + stride + "*n");
    }
    return steps.plus(1);
  }

  /**
   * A list with an element for each of some axes; a list of one stands for all.
   *
   * @throws OpException if the list has another length
   */
  public static <T> List<T> forAxes(String opName, String argument, List<T> given, int axes) {
    if (given.size() == 1) {
      return Collections.nCopies(axes, given.get(0));
    }
    if (given.size() != axes) {
      throw new OpException(
          opName
              + "'s argument '"
              + argument
              + "' needs "
              + axes
              + " elements, one for each spatial"
              + " axis, or one for all; got "
              + given);
    }
    return given;
  }

  /** {@code expr × factor}. */
  public static Expr scale(Expr expr, long factor) {
    boolean zero = expr instanceof Expr.IntConst constant && constant.value() == 0;
    return factor == 1 || zero ? expr : expr.times(Expr.integer(factor));
  }

  /** {@code expr + offset}. */
  public static Expr shift(Expr expr, Dim offset) {
    if (offset.is(0)) {
      return expr;
    }
    boolean negative = offset.isStatic() && offset.value() < 0;
    return negative ? expr.minus(Expr.integer(-offset.value())) : expr.plus(Expr.size(offset));
  }

  /** A shape with one dim replaced. */
  public static List<Dim> with(List<Dim> shape, int axis, Dim dim) {
    List<Dim> changed = new ArrayList<>(shape);
    changed.set(axis, dim);
    return List.copyOf(changed);
  }
}
