package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Stmt;

/** Loops around statements, for ops that no loop nest expresses. */
final class StatementLoops {
  private StatementLoops() {}

  /**
   * Loops over axes, outermost first. The outermost runs in parallel: its iterations must not write
   * what others read.
   */
  static Stmt over(List<Axis> axes, Stmt body) {
    Stmt loops = body;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Stmt.Kind kind = i == 0 ? Stmt.Kind.PARALLEL : Stmt.Kind.SERIAL;
      loops = Stmt.loop(kind, axes.get(i).name(), Expr.size(axes.get(i).extent()), loops);
    }
    return loops;
  }

  /** A serial loop over an axis. */
  static Stmt serial(Axis axis, Stmt body) {
    return Stmt.loop(Stmt.Kind.SERIAL, axis.name(), Expr.size(axis.extent()), body);
  }
}
