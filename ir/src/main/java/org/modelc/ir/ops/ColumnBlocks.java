package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.Lowering;
import org.modelc.runtime.spec.Dim;

/**
 * Independent columns of a tensor: the points of leading and trailing axes around the axes that a
 * statement kernel walks serially. The first leading axis runs in parallel; without one, blocks of
 * the last trailing axis do.
 */
final class ColumnBlocks {
  private final List<Axis> before;
  private final List<Axis> after;
  private final Axis block;
  private final int blockSize;

  ColumnBlocks(Lowering<?> lowering, List<Dim> before, List<Dim> after, int blockSize) {
    this.before = lowering.axes(before);
    this.after = lowering.axes(after);
    this.blockSize = blockSize;
    Dim last = after.isEmpty() ? Dim.ONE : after.get(after.size() - 1);
    Dim blocks = DimArithmetic.ceilDivide(last, blockSize);
    boolean blocked = before.isEmpty() && blocks != null;
    this.block = lowering.axes(List.of(blocked ? blocks : Dim.ONE)).get(0);
  }

  /** A part of names that is unique to this kernel. */
  String name() {
    return block.name();
  }

  /** The index of a column's element: leading axes, those given, trailing axes. */
  List<Expr> index(List<Expr> walked) {
    List<Expr> index = new ArrayList<>(Lowering.index(before));
    index.addAll(walked);
    index.addAll(Lowering.index(after));
    return index;
  }

  /** Runs statements for each column of the present block. */
  Stmt each(Stmt body) {
    Stmt loops = body;
    for (int i = after.size() - 1; i >= 0; i--) {
      boolean last = i == after.size() - 1;
      loops = last ? lastAxis(after.get(i), loops) : StatementLoops.serial(after.get(i), loops);
    }
    return loops;
  }

  private Stmt lastAxis(Axis axis, Stmt body) {
    Expr extent = Expr.size(axis.extent());
    if (block.extent().is(1)) {
      return Stmt.loop(Stmt.Kind.SERIAL, axis.name(), extent, body);
    }
    Expr start = DimArithmetic.scale(block.variable(), blockSize);
    Expr end = Expr.apply(ScalarOp.MINIMUM, start.plus(Expr.integer(blockSize)), extent);
    return new Stmt.For(Stmt.Kind.SERIAL, axis.name(), start, end, 1, body);
  }

  /** Runs statements for each block and each point of the leading axes. */
  Stmt blocks(Stmt body) {
    List<Axis> outer = new ArrayList<>(before);
    if (outer.isEmpty()) {
      outer.add(block);
    }
    return StatementLoops.over(outer, body);
  }
}
