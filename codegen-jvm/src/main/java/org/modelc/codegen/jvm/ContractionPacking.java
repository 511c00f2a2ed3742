package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.runtime.spec.Dim;

/** Prints how a contraction's factors come into the block and the factors of its rows. */
final class ContractionPacking {
  private final Contraction product;
  private final List<Axis> inner;
  private final KernelScope scope;
  private final SourceText out;
  private final PointLoops loops;
  private final String matrix;

  ContractionPacking(
      Contraction product, KernelScope scope, SourceText out, PointLoops loops, String matrix) {
    this.product = product;
    this.inner = product.nest().reduce();
    this.scope = scope;
    this.out = out;
    this.loops = loops;
    this.matrix = matrix;
  }

  void write() {
    boolean alongInner = UnitStride.along(product.right(), last(inner).name());
    if (product.isCopied() || !alongInner) {
      columnsInRuns();
    } else if (inner.size() == 1 && product.columns().size() == 1) {
      transposed();
    } else {
      columnByColumn();
    }
    rows();
  }

  private static Axis last(List<Axis> axes) {
    return axes.get(axes.size() - 1);
  }

  /** A row of the block after the other. */
  private void columnsInRuns() {
    out.open("for (int inner = from; inner < to; inner++)");
    loops.bind("inner", inner);
    out.line("final float[] row = " + matrix + ".inner(inner - from);");
    boolean merged = product.isMerged() && product.isCopied();
    List<Axis> axes = merged ? mergedColumns() : ContractionTemplate.pitched(product);
    Expr value = merged ? mergedValue(last(axes)) : product.right();
    loops.fill("row", "lead", value, "firstColumn", "endColumn", axes, merged);
    out.close();
  }

  private List<Axis> mergedColumns() {
    List<Axis> columns = product.columns();
    List<Axis> merged = new ArrayList<>(columns.subList(0, columns.size() - 2));
    Dim rows = columns.get(columns.size() - 2).extent();
    merged.add(new Axis(last(columns).name() + "_line", rows.times(product.pitch())));
    return merged;
  }

  /** The load with the last two axes as one: the first of them stays at 0. */
  private Expr mergedValue(Axis line) {
    List<Axis> columns = product.columns();
    return ExprWalk.substitute(
        product.right(),
        Map.of(
            columns.get(columns.size() - 2).name(), Expr.integer(0),
            last(columns).name(), line.variable()));
  }

  /** A matrix whose rows lie along the inner dim. */
  private void transposed() {
    Expr.Load load = (Expr.Load) product.right();
    Axis column = product.columns().get(0);
    AffineIndex index = UnitStride.index(load);
    out.line("{");
    loops.constant(scope.variable(inner.get(0).name()), "from");
    loops.constant(scope.variable(column.name()), "firstColumn");
    String stride = scope.dim(index.coefficient(column.name()));
    out.line(matrix + ".transpose(" + loops.element(load) + ", " + stride + ", to - from, width);");
    out.line("}");
  }

  /** A column of the block after the other, each in runs along the last inner axis. */
  private void columnByColumn() {
    out.open("for (int point = firstColumn; point < endColumn; point++)");
    loops.bind("point", ContractionTemplate.pitched(product));
    loops.runs(
        "from",
        "to",
        inner,
        run -> {
          out.line("{");
          loops.constant(scope.variable(last(inner).name()), run.first());
          String source = loops.element((Expr.Load) product.right());
          String place = run.position() + " - from, " + run.length() + ", point - firstColumn";
          out.line(matrix + ".column(" + source + ", " + place + ");");
          out.line("}");
        });
    out.close();
  }

  private void rows() {
    Expr left = product.left();
    boolean turned =
        inner.size() == 1
            && product.rows().size() == 1
            && UnitStride.along(left, product.rows().get(0).name())
            && !UnitStride.along(left, inner.get(0).name());
    if (turned) {
      turnedRows((Expr.Load) left);
      return;
    }
    out.open("for (int point = firstRow; point < endRow; point++)");
    loops.bind("point", product.rows());
    loops.constant("at", "(point - firstRow) * MatrixRows.DEPTH - from");
    loops.fill(matrix + ".factors()", "at", left, "from", "to", inner, false);
    out.close();
  }

  private void turnedRows(Expr.Load left) {
    out.line("{");
    loops.constant(scope.variable(inner.get(0).name()), "from");
    loops.constant(scope.variable(product.rows().get(0).name()), "firstRow");
    String stride = scope.dim(UnitStride.index(left).coefficient(inner.get(0).name()));
    String counts = ", to - from, endRow - firstRow);";
    out.line(matrix + ".transposeFactors(" + loops.element(left) + ", " + stride + counts);
    out.line("}");
  }
}
