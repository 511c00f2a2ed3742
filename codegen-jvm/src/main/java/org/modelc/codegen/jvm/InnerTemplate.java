package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * A product with few results and a long inner dim along which both factors lie in memory: vectors
 * run along it. Tiles would be a few columns wide, and would have to be turned around before.
 */
final class InnerTemplate {
  /** Rows of partial sums stay in a second-level cache. */
  private static final long MOST_RESULTS = 512;

  private static final long SHORTEST_INNER = 2_048;
  private static final long SHORTEST_RUN = 8;
  private static final double PRODUCTS_PER_CYCLE = 8;

  private final Contraction product;
  private final LoopNest nest;
  private final KernelScope scope;
  private final SourceText out = new SourceText();
  private final PointLoops loops;
  private final String rows;

  private InnerTemplate(Contraction product, KernelScope scope, ScratchPlan scratch) {
    this.product = product;
    this.nest = product.nest();
    this.scope = scope;
    this.loops = new PointLoops(scope, out);
    Dim height = Contraction.extent(product.rows());
    Dim width = Contraction.extent(product.columns());
    String allocation = "new InnerRows(" + height + ", " + width + ")";
    this.rows = scope.scratch("matrix", "InnerRows", scratch.take(allocation));
  }

  /** Whether a product is best computed this way. */
  static boolean fits(Contraction product) {
    Dim height = Contraction.extent(product.rows());
    Dim width = Contraction.extent(product.columns());
    List<Axis> inner = product.nest().reduce();
    Axis last = inner.get(inner.size() - 1);
    boolean plain =
        product.batch().isEmpty()
            && height.isStatic()
            && width.isStatic()
            && height.times(width).value() <= MOST_RESULTS
            && UnitStride.along(product.left(), last.name())
            && UnitStride.along(product.right(), last.name());
    return plain
        && Contraction.size(last.extent()) >= SHORTEST_RUN
        && Contraction.size(inner) >= SHORTEST_INNER
        && cycles(height.intValue(), width.intValue()) < product.cost();
  }

  /** For each step of the inner dim: packing of both factors, and the products. */
  private static double cycles(int height, int width) {
    return height + width + height * width / PRODUCTS_PER_CYCLE;
  }

  /** The phase that computes the product. */
  static Phase phase(Contraction product, KernelWriter writer) {
    KernelScope scope = writer.scope();
    InnerTemplate template = new InnerTemplate(product, scope, writer.scratch());
    template.write();
    List<String> schedule =
        List.of(
            "inner products rows" + product.rows(),
            "columns" + product.columns(),
            "inner" + product.nest().reduce());
    return writer.phase(
        product.nest(),
        schedule,
        scope,
        template.out,
        true,
        new LinkedHashSet<>(product.nest().reads()),
        new LinkedHashSet<>(product.nest().writes()));
  }

  private void write() {
    loops.constant("rowCount", scope.dim(Contraction.extent(product.rows())));
    loops.constant("columnCount", scope.dim(Contraction.extent(product.columns())));
    loops.constant("depth", scope.dim(Contraction.extent(nest.reduce())));
    String work = "(long) rowCount * columnCount * depth";
    loops.constant("parts", "Grid.parts(" + work + ", rowCount, workers)");
    out.open("if (worker < parts)");
    loops.constant("firstRow", "Grid.bound(rowCount, worker, parts)");
    loops.constant("endRow", "Grid.bound(rowCount, worker + 1, parts)");
    out.line(rows + ".begin((endRow - firstRow) * columnCount);");
    out.open("for (int from = 0; from < depth; from += InnerRows.CHUNK)");
    loops.constant("to", "Math.min(depth, from + InnerRows.CHUNK)");
    pack("left", "firstRow", "endRow", product.rows(), product.left());
    pack("right", "0", "columnCount", product.columns(), product.right());
    out.line(rows + ".multiply(endRow - firstRow, columnCount);");
    out.close();
    store();
    out.close();
  }

  private void pack(String side, String from, String end, List<Axis> axes, Expr factor) {
    out.open("for (int point = " + from + "; point < " + end + "; point++)");
    loops.bind("point", axes);
    out.line("final float[] row = " + rows + "." + side + "(point - " + from + ");");
    loops.fill("row", "-from", factor, "from", "to", nest.reduce(), false);
    out.line("InnerRows.end(row, to - from);");
    out.close();
  }

  private void store() {
    out.open("for (int point = firstRow; point < endRow; point++)");
    loops.bind("point", product.rows());
    out.open("for (int at = 0; at < columnCount; at++)");
    loops.bind("at", product.columns());
    Expr.Const initial = (Expr.Const) nest.reductions().get(0).initial();
    String start = JavaTypes.constant(initial.dtype(), initial.value());
    String sum = rows + ".sum((point - firstRow) * columnCount + at)";
    out.line("final float row = " + start + " + " + sum + ";");
    List<String> values = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      ExpressionWriter writer = new ExpressionWriter(scope, out, reduced -> "row", load -> null);
      writer.expect(store.value());
      String name = scope.fresh("value");
      String type = JavaTypes.value(store.value().dtype());
      out.line("final " + type + " " + name + " = " + writer.print(store.value()) + ";");
      values.add(name);
    }
    for (int i = 0; i < values.size(); i++) {
      LoopNest.Store store = nest.stores().get(i);
      ExpressionWriter writer = ExpressionWriter.of(scope, out, load -> null);
      String index = writer.index(store.buffer(), store.index());
      String value = JavaTypes.store(store.buffer().dtype(), values.get(i));
      out.line(scope.array(store.buffer()) + "[" + index + "] = " + value + ";");
    }
    out.close();
    out.close();
  }
}
