package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.ir.kernel.Axis;
import org.modelc.runtime.spec.Dim;

/** Loops over the points of axes, outermost first. */
public final class PointLoops {
  /** Loops of so few rounds in all are written out. */
  private static final long WRITTEN_OUT = 9;

  private final KernelFunction function;
  private final FunctionWriter writer;

  public PointLoops(KernelFunction function) {
    this.function = function;
    this.writer = function.writer();
  }

  /** Binds axes to the coordinates of a point's row-major number. */
  public Scope decode(Operand point, List<Axis> axes, Scope scope) {
    Scope bound = scope.copy();
    Operand rest = point;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      Operand extent = function.dim(axis.extent());
      Operand coordinate = i == 0 ? rest : writer.binary("urem", rest, extent);
      rest = i == 0 ? rest : writer.binary("udiv", rest, extent);
      bound.values().put(axis.name(), coordinate);
      bound.extents().put(axis.name(), axis.extent());
    }
    return bound;
  }

  /** Runs the body at each point, in loops however few they are: the body is written once. */
  public void each(List<Axis> axes, Scope scope, Consumer<Scope> body) {
    if (axes.isEmpty()) {
      body.accept(scope);
      return;
    }
    Axis axis = axes.get(0);
    List<Axis> inner = axes.subList(1, axes.size());
    writer.loop(
        Operand.i64(0),
        function.dim(axis.extent()),
        1,
        i -> each(inner, scope.with(axis.name(), i, axis.extent()), body));
  }

  /** Runs the body at each point with values carried from one to the next. */
  public List<Operand> carrying(
      List<Axis> axes,
      Scope scope,
      List<Operand> initial,
      BiFunction<Scope, List<Operand>, List<Operand>> body) {
    if (axes.isEmpty()) {
      return body.apply(scope, initial);
    }
    Axis axis = axes.get(0);
    List<Axis> inner = axes.subList(1, axes.size());
    if (isShort(axes)) {
      List<Operand> carried = initial;
      for (long i = 0; i < axis.extent().value(); i++) {
        Scope at = scope.with(axis.name(), Operand.i64(i), axis.extent());
        carried = carrying(inner, at, carried, body);
      }
      return carried;
    }
    return writer.loop(
        Operand.i64(0),
        function.dim(axis.extent()),
        1,
        initial,
        (i, values) -> carrying(inner, scope.with(axis.name(), i, axis.extent()), values, body));
  }

  private static boolean isShort(List<Axis> axes) {
    Dim points = Dim.product(axes.stream().map(Axis::extent).toList());
    return points.isStatic() && points.value() <= WRITTEN_OUT;
  }

  /** The axes without one of them. */
  static List<Axis> without(List<Axis> axes, Axis one) {
    List<Axis> rest = new ArrayList<>(axes);
    rest.remove(one);
    return rest;
  }
}
