package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.Lowering;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** The statements of {@link MaxPoolGradient}. */
final class MaxPoolGradientStatements {
  private final Lowering<PoolOp.Attributes> lowering;
  private final PoolWindows windows;
  private final List<Axis> planes;
  private final List<Axis> elements;
  private final List<Axis> outputs;
  private final List<Axis> window;
  private final Expr.Var best;
  private final List<Expr.Var> bestPlace = new ArrayList<>();
  private final List<Expr.Var> place = new ArrayList<>();

  MaxPoolGradientStatements(Lowering<PoolOp.Attributes> lowering) {
    this.lowering = lowering;
    List<Dim> shape = lowering.operand(0).shape();
    List<Dim> pooled = lowering.operand(1).shape();
    windows = PoolOp.windows("max_pool", lowering.attributes(), shape.size());
    planes = lowering.axes(shape.subList(0, 2));
    elements = lowering.axes(shape.subList(2, shape.size()));
    outputs = lowering.axes(pooled.subList(2, pooled.size()));
    window = lowering.axes(windows.window().stream().map(Dim::constant).toList());
    best = new Expr.Var("best_" + window.get(0).name(), computeType());
    for (Axis axis : window) {
      bestPlace.add(new Expr.Var("best_" + axis.name() + "_place", DType.I32));
      place.add(new Expr.Var("place_" + axis.name(), DType.I32));
    }
  }

  private DType computeType() {
    return ElementwiseOp.computeType(lowering.result().dtype());
  }

  Stmt all() {
    Stmt zero = store(Lowering.index(elements), Expr.constant(computeType(), 0));
    Stmt clear = serial(elements, zero);
    return StatementLoops.over(planes, Stmt.seq(clear, serial(outputs, oneWindow())));
  }

  private static Stmt serial(List<Axis> axes, Stmt body) {
    Stmt loops = body;
    for (int i = axes.size() - 1; i >= 0; i--) {
      loops = StatementLoops.serial(axes.get(i), loops);
    }
    return loops;
  }

  private List<Expr> inPlane(List<? extends Expr> index) {
    List<Expr> full = new ArrayList<>(Lowering.index(planes));
    full.addAll(index);
    return full;
  }

  private Stmt store(List<? extends Expr> index, Expr value) {
    Expr stored = ElementwiseOp.stored(lowering.result().dtype(), value);
    return new Stmt.Store(lowering.result(), inPlane(index), stored);
  }

  private Expr load(Buffer buffer, List<? extends Expr> index) {
    return Expr.cast(computeType(), new Expr.Load(buffer, inPlane(index)));
  }

  /** Finds the first largest element of a window and adds the cotangent there. */
  private Stmt oneWindow() {
    Expr sum =
        load(lowering.result(), bestPlace).plus(load(lowering.operand(1), Lowering.index(outputs)));
    Expr found = Expr.apply(ScalarOp.GREATER_EQUAL, bestPlace.get(0), Expr.integer(0));
    Stmt add = new Stmt.If(found, store(bestPlace, sum), null);
    Stmt body = Stmt.seq(serial(window, consider()), add);
    for (Expr.Var variable : bestPlace) {
      body = new Stmt.Mutable(variable.name(), Expr.integer(-1), body);
    }
    return new Stmt.Mutable(best.name(), Expr.constant(best.dtype(), 0), body);
  }

  private Stmt consider() {
    List<Dim> shape = lowering.operand(0).shape();
    Expr inside = null;
    for (int i = 0; i < place.size(); i++) {
      Expr fits = GatherIndex.inside(place.get(i), shape.get(i + 2));
      inside = inside == null ? fits : Expr.apply(ScalarOp.AND, inside, fits);
    }
    Stmt body = new Stmt.If(inside, compare(), null);
    for (int i = place.size() - 1; i >= 0; i--) {
      Expr start = DimArithmetic.scale(outputs.get(i).variable(), windows.strides().get(i));
      Expr moved = start.plus(window.get(i).variable());
      Expr element = DimArithmetic.shift(moved, Dim.constant(-windows.low().get(i)));
      body = new Stmt.Let(place.get(i).name(), element, body);
    }
    return body;
  }

  private Stmt compare() {
    Expr.Var element = new Expr.Var("element_" + window.get(0).name(), best.dtype());
    Expr none = Expr.apply(ScalarOp.LESS, bestPlace.get(0), Expr.integer(0));
    Expr greater = Expr.apply(ScalarOp.GREATER, element, best);
    Expr isNaN = Expr.apply(ScalarOp.NOT_EQUAL, element, element);
    Expr bestIsNumber = Expr.apply(ScalarOp.EQUAL, best, best);
    Expr firstNaN = Expr.apply(ScalarOp.AND, isNaN, bestIsNumber);
    Expr better = Expr.apply(ScalarOp.OR, Expr.apply(ScalarOp.OR, none, greater), firstNaN);
    List<Stmt> take = new ArrayList<>(List.of(new Stmt.Assign(best.name(), element)));
    for (int i = 0; i < place.size(); i++) {
      take.add(new Stmt.Assign(bestPlace.get(i).name(), place.get(i)));
    }
    return new Stmt.Let(
        element.name(),
        load(lowering.operand(0), place),
        new Stmt.If(better, new Stmt.Seq(take), null));
  }
}
