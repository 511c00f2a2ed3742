package org.modelc.codegen.jvm;

import java.util.List;
import java.util.function.Consumer;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;

/** Prints loops over the points of several axes, in row-major order. */
final class PointLoops {
  private final KernelScope scope;
  private final SourceText out;

  PointLoops(KernelScope scope, SourceText out) {
    this.scope = scope;
    this.out = out;
  }

  /** A stretch of points along the last axis; all in Java. */
  record Run(String position, String first, String length) {}

  void constant(String name, String value) {
    out.line("final int " + name + " = " + value + ";");
  }

  /** Binds axes from the number of a point among all of theirs. */
  void bind(String point, List<Axis> axes) {
    String rest = point;
    if (axes.size() > 1) {
      rest = scope.fresh("rest");
      constant(rest, point);
    }
    String stride = "1";
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      String extent = scope.dim(axis.extent());
      String value = stride.equals("1") ? rest : rest + " / (" + stride + ")";
      constant(scope.variable(axis.name()), i == 0 ? value : value + " % " + extent);
      stride = stride.equals("1") ? extent : stride + " * " + extent;
    }
  }

  /**
   * A loop over the points {@code from} to {@code to}, a run at a time; all axes but the last are
   * bound in the body.
   */
  void runs(String from, String to, List<Axis> axes, Consumer<Run> body) {
    String position = scope.fresh("position");
    String length = scope.fresh("length");
    if (axes.size() == 1) {
      constant(position, from);
      constant(length, to + " - " + position);
      body.accept(new Run(position, position, length));
      return;
    }
    Axis last = axes.get(axes.size() - 1);
    String extent = scope.dim(last.extent());
    String first = scope.fresh("first");
    out.open("for (int " + position + " = " + from + "; " + position + " < " + to + "; )");
    bind(position + " / " + extent, axes.subList(0, axes.size() - 1));
    constant(first, position + " % " + extent);
    constant(length, "Math.min(" + extent + " - " + first + ", " + to + " - " + position + ")");
    body.accept(new Run(position, first, length));
    out.line(position + " += " + length + ";");
    out.close();
  }

  /** Steps along the last axis of a run; {@code offset} counts from its start. */
  void along(Run run, Axis last, Runnable body) {
    out.open("for (int offset = 0; offset < " + run.length() + "; offset++)");
    constant(scope.variable(last.name()), run.first() + " + offset");
    body.run();
    out.close();
  }

  /**
   * Fills {@code target[shift + position]} for a range of points with an expression's values.
   *
   * @param clip whether runs may reach beyond the source's end
   */
  void fill(
      String target,
      String shift,
      Expr value,
      String from,
      String to,
      List<Axis> axes,
      boolean clip) {
    Axis last = axes.get(axes.size() - 1);
    runs(
        from,
        to,
        axes,
        run -> {
          String at = shift + " + " + run.position();
          out.line("{");
          if (UnitStride.along(value, last.name())) {
            constant(scope.variable(last.name()), run.first());
            String copy = clip ? "MatrixRows.copy(" : "System.arraycopy(";
            String source = element((Expr.Load) value);
            out.line(copy + source + ", " + target + ", " + at + ", " + run.length() + ");");
          } else {
            along(run, last, () -> assign(target, at, value));
          }
          out.line("}");
        });
  }

  private void assign(String target, String at, Expr value) {
    ExpressionWriter writer = ExpressionWriter.of(scope, out, load -> null);
    writer.expect(value);
    String text = writer.print(value);
    out.line(target + "[" + at + " + offset] = " + text + ";");
  }

  /** A plain load's array and position, as two arguments. */
  String element(Expr.Load load) {
    return scope.array(load.buffer()) + ", " + scope.print(UnitStride.index(load));
  }
}
