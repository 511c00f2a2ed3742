package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.Lowering;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * The statements of {@link MaxPoolGradient} where windows tile the plane: every element lies in one
 * window, so each is written once. Which one is largest is found without branches, since no
 * processor foresees it: of the bits of the cotangent, each element keeps all or none.
 */
final class TiledPoolGradient {
  private static final int LARGEST_WINDOW = 16;

  private final Lowering<PoolOp.Attributes> lowering;
  private final PoolWindows windows;
  private final List<Axis> planes;
  private final List<Axis> outputs;

  TiledPoolGradient(Lowering<PoolOp.Attributes> lowering) {
    this.lowering = lowering;
    this.windows = windows(lowering);
    List<Dim> pooled = lowering.operand(1).shape();
    this.planes = lowering.axes(pooled.subList(0, 2));
    this.outputs = lowering.axes(pooled.subList(2, pooled.size()));
  }

  private static PoolWindows windows(Lowering<PoolOp.Attributes> lowering) {
    return PoolOp.windows("max_pool", lowering.attributes(), lowering.operand(0).rank());
  }

  /** Whether windows lie side by side and leave nothing over. */
  static boolean fits(Lowering<PoolOp.Attributes> lowering) {
    PoolWindows windows = windows(lowering);
    boolean tiles =
        lowering.result().dtype() == DType.F32
            && !windows.isPadded()
            && windows.window().equals(windows.strides())
            && windows.size() <= LARGEST_WINDOW;
    for (int i = 0; tiles && i < windows.window().size(); i++) {
      Dim covered = lowering.operand(1).shape().get(i + 2).times(windows.window().get(i));
      tiles = covered.equals(lowering.operand(0).shape().get(i + 2));
    }
    return tiles;
  }

  Stmt all() {
    List<Axis> axes = new ArrayList<>(planes);
    axes.addAll(outputs);
    return StatementLoops.over(axes, window());
  }

  private Stmt window() {
    int count = windows.size();
    Expr cotangent = Expr.bitcast(DType.I32, load(lowering.operand(1), Lowering.index(outputs)));
    List<Stmt> stores = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Expr kept = Expr.bitcast(DType.F32, Expr.apply(ScalarOp.AND, integer("bits"), mask(i)));
      stores.add(store(place(i), kept));
    }
    Stmt body = new Stmt.Let(name("bits"), cotangent, new Stmt.Seq(stores));
    for (int i = count - 1; i > 0; i--) {
      body = consider(i, body);
    }
    return new Stmt.Let(name("largest0"), load(lowering.operand(0), place(0)), body);
  }

  /** All bits, if an element is larger than those before it and none after it is larger still. */
  private Expr mask(int element) {
    Expr mask = element == 0 ? null : integer("larger" + element);
    for (int i = element + 1; i < windows.size(); i++) {
      Expr not = Expr.apply(ScalarOp.NOT, integer("larger" + i));
      mask = mask == null ? not : Expr.apply(ScalarOp.AND, mask, not);
    }
    return mask == null ? Expr.integer(-1) : mask;
  }

  /**
   * Binds an element, whether it is larger than the largest before it (a NaN is, if it is the
   * first), and the largest so far.
   */
  private Stmt consider(int i, Stmt body) {
    Expr element = floating("element" + i);
    Expr before = floating("largest" + (i - 1));
    Expr notAbove = Expr.apply(ScalarOp.LESS_EQUAL, element, before);
    Expr isNumber = Expr.apply(ScalarOp.EQUAL, before, before);
    Expr larger = Expr.apply(ScalarOp.AND, Expr.apply(ScalarOp.NOT, notAbove), isNumber);
    Expr mask = Expr.select(larger, Expr.integer(-1), Expr.integer(0));
    Expr largest = Expr.apply(ScalarOp.MAXIMUM, before, element);
    Stmt bound = new Stmt.Let(name("largest" + i), largest, body);
    bound = new Stmt.Let(name("larger" + i), mask, bound);
    return new Stmt.Let(name("element" + i), load(lowering.operand(0), place(i)), bound);
  }

  /** The index of a window's element. */
  private List<Expr> place(int element) {
    int[] sizes = windows.window().stream().mapToInt(Integer::intValue).toArray();
    int[] at = Array.index(sizes, element);
    List<Expr> place = new ArrayList<>();
    for (int i = 0; i < at.length; i++) {
      Expr start = DimArithmetic.scale(outputs.get(i).variable(), sizes[i]);
      place.add(DimArithmetic.shift(start, Dim.constant(at[i])));
    }
    return place;
  }

  private String name(String what) {
    return what + "_" + outputs.get(0).name();
  }

  private Expr integer(String what) {
    return new Expr.Var(name(what), DType.I32);
  }

  private Expr floating(String what) {
    return new Expr.Var(name(what), DType.F32);
  }

  private List<Expr> inPlane(List<? extends Expr> index) {
    List<Expr> full = new ArrayList<>(Lowering.index(planes));
    full.addAll(index);
    return full;
  }

  private Stmt store(List<Expr> index, Expr value) {
    return new Stmt.Store(
        lowering.result(), inPlane(index), ElementwiseOp.stored(lowering.result().dtype(), value));
  }

  private Expr load(org.modelc.ir.kernel.Buffer buffer, List<? extends Expr> index) {
    return new Expr.Load(buffer, inPlane(index));
  }
}
