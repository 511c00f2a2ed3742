package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A product with one row at run time: the matrix is read where it lies, without packing.
 *
 * <p>HotSpot's compiler makes vector loops of arrays at the same index, or at literal distances
 * from it, and of nothing else (docs/decisions/0100). So the sums travel along the matrix: eight of
 * its rows from number {@code k} on read the sums at {@code k × columns} and leave them eight rows
 * further, in an array as large as the matrix. Each sum is the chain of fused multiply-adds that
 * tiles make, so a row alone gives the bits it has in a batch.
 */
final class SingleRowTemplate {
  /** Floats of the sums' array; larger matrices do not stay in a cache, where packing hides. */
  private static final long LARGEST = 1 << 17;

  private final Contraction product;
  private final LoopNest nest;
  private final KernelScope scope;
  private final SourceText out;
  private final PointLoops loops;
  private final Axis column;
  private final long columns;
  private final long depth;

  private SingleRowTemplate(
      Contraction product, KernelScope scope, SourceText out, PointLoops loops) {
    this.product = product;
    this.nest = product.nest();
    this.scope = scope;
    this.out = out;
    this.loops = loops;
    this.column = product.columns().get(0);
    this.columns = column.extent().value();
    this.depth = nest.reduce().get(0).extent().value();
  }

  /**
   * The product, read so that its rows may be one and its matrix's rows follow each other; null if
   * it cannot be.
   */
  static Contraction of(Contraction product) {
    return fits(product) ? product : fits(product.turned()) ? product.turned() : null;
  }

  private static boolean fits(Contraction product) {
    Dim rows = Contraction.extent(product.rows());
    List<Axis> inner = product.nest().reduce();
    boolean plain =
        !rows.isStatic()
            && product.batch().isEmpty()
            && product.columns().size() == 1
            && inner.size() == 1
            && product.columns().get(0).extent().isStatic()
            && inner.get(0).extent().isStatic()
            && UnitStride.along(product.left(), inner.get(0).name());
    return plain && isRowMajor(product) && size(product) <= LARGEST;
  }

  private static long size(Contraction product) {
    Dim depth = product.nest().reduce().get(0).extent();
    return product.columns().get(0).extent().value() * (depth.value() + 1);
  }

  private static boolean isRowMajor(Contraction product) {
    AffineIndex index = UnitStride.index(product.right());
    Axis column = product.columns().get(0);
    return index != null
        && index.offset().is(0)
        && index.coefficients().size() == 2
        && index.coefficient(column.name()).is(1)
        && index.coefficient(product.nest().reduce().get(0).name()).equals(column.extent());
  }

  /** Prints a branch for one row, which ends the method. */
  static void write(
      Contraction product,
      KernelScope scope,
      SourceText out,
      PointLoops loops,
      ScratchPlan scratch) {
    SingleRowTemplate template = new SingleRowTemplate(product, scope, out, loops);
    Dim size = Dim.constant(size(product));
    Buffer sums = new Buffer(product.nest().name() + ".sums", DType.F32, List.of(size));
    String name = scope.localArray(sums, scratch.take("new float[" + size + "]"));
    out.open("if (" + scope.dim(Contraction.extent(product.rows())) + " == 1)");
    out.open("if (worker == 0)");
    template.multiply(name);
    template.store(sums);
    out.close();
    out.line("return;");
    out.close();
  }

  private void multiply(String sums) {
    Expr.Const initial = (Expr.Const) nest.reductions().get(0).initial();
    String value = JavaTypes.constant(DType.F32, initial.value());
    product.rows().forEach(axis -> loops.constant(scope.variable(axis.name()), "0"));
    out.line("java.util.Arrays.fill(" + sums + ", 0, " + columns + ", " + value + ");");
    long blocks = depth / RowSteps.ROWS * RowSteps.ROWS;
    String inner = scope.variable(nest.reduce().get(0).name());
    steps(RowSteps.ROWS, inner, "0", blocks, sums);
    steps(1, inner, String.valueOf(blocks), depth, sums);
  }

  private void steps(int count, String inner, String first, long end, String sums) {
    if (Long.parseLong(first) == end) {
      return;
    }
    String head = "for (int %s = %s; %s < %d; %s += %d)";
    out.open(String.format(head, inner, first, inner, end, inner, count));
    Expr.Load left = (Expr.Load) product.left();
    String at = scope.print(UnitStride.index(left));
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arguments.add(scope.array(left.buffer()) + "[" + at + " + " + i + "]");
    }
    arguments.add(scope.array(((Expr.Load) product.right()).buffer()));
    arguments.add(sums);
    arguments.add(inner + " * " + columns);
    out.line(RowSteps.name(count, columns) + "(" + String.join(", ", arguments) + ");");
    out.close();
  }

  private void store(Buffer sums) {
    Expr at = column.variable().plus(Expr.integer(columns * depth));
    Expr sum = new Expr.Load(sums, List.of(at));
    List<Stmt> stores = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      Expr value =
          ExprWalk.rewrite(store.value(), expr -> expr instanceof Expr.Reduced ? sum : expr);
      stores.add(new Stmt.Store(store.buffer(), store.index(), value));
    }
    Stmt body = NestSchedule.together(stores);
    Expr end = Expr.size(column.extent());
    new StatementWriter(scope, out, alloc -> 0)
        .write(Stmt.loop(Stmt.Kind.VECTOR, column.name(), end, body));
  }
}
