package org.modelc.codegen.cuda.emit;

import java.util.List;
import org.modelc.codegen.cuda.Launch;
import org.modelc.ir.kernel.Axis;
import org.modelc.runtime.spec.Dim;

/** The points of axes as one number, in row-major order, and back. */
public final class Points {
  /** Threads of a block. */
  public static final int BLOCK = 256;

  /** Blocks of a grid at most; 2¹⁶ blocks of 256 threads keep every device busy. */
  public static final int MOST_BLOCKS = 1 << 16;

  private Points() {}

  /** The number of points. */
  public static Dim count(List<Axis> axes) {
    return Dim.product(axes.stream().map(Axis::extent).toList());
  }

  /** A block for so many points. */
  public static List<Launch.Extent> grid(Dim count, int per) {
    return List.of(
        new Launch.Extent(count, per, MOST_BLOCKS), Launch.Extent.ONE, Launch.Extent.ONE);
  }

  /**
   * A loop over the points from the thread's own, in strides of the grid.
   *
   * @param first the thread's first point
   * @param perBlock points that a block takes at once
   */
  public static void each(
      KernelFunction function, String point, String first, Dim count, int perBlock, Runnable body) {
    // Counts are below 2³¹ and so are strides: their sum fits unsigned.
    String step = point + " += gridDim.x * " + perBlock + "u";
    String condition = point + " < (unsigned) " + function.dim(count);
    function
        .out()
        .block(
            "for (unsigned " + point + " = " + first + "; " + condition + "; " + step + ")", body);
  }

  /** Declares the axes' variables from the number of a point. */
  public static void decode(KernelFunction function, String point, List<Axis> axes) {
    decode(function, point, axes, false);
  }

  /**
   * As {@link #decode(KernelFunction, String, List)}.
   *
   * @param moves whether the innermost axis' variable goes on to neighbours
   */
  static void decode(KernelFunction function, String point, List<Axis> axes, boolean moves) {
    Dim inner = Dim.ONE;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      function.within(axis);
      String index = inner.is(1) ? point : point + " / " + function.dim(inner);
      String quotient = inner.is(1) ? index : "(" + index + ")";
      String whole = i == 0 ? index : quotient + " % " + function.dim(axis.extent());
      String type = moves && i == axes.size() - 1 ? "int " : "const int ";
      function.out().line(type + function.variable(axis.name()) + " = (int) (" + whole + ");");
      inner = inner.times(axis.extent());
    }
  }
}
