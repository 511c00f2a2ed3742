package org.modelc.codegen.jvm;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;

/**
 * A matrix product by tiles: each task packs blocks of both factors (which may be any expressions),
 * adds their products to a tile of output rows, then stores the tile through the nest's own
 * expressions.
 */
final class ContractionTemplate {
  private final Contraction product;
  private final LoopNest nest;
  private final KernelScope scope;
  private final SourceText out = new SourceText();
  private final PointLoops loops;
  private final String matrix;
  private final KernelWriter writer;

  private ContractionTemplate(Contraction product, KernelScope scope, KernelWriter writer) {
    this.product = product;
    this.writer = writer;
    this.nest = product.nest();
    this.scope = scope;
    this.loops = new PointLoops(scope, out);
    String rows = scope.dim(Contraction.extent(product.rows()));
    String columns = scope.dim(product.columnExtent());
    this.matrix = scope.scratch("matrix", "MatrixRows", writer.scratch().takeMatrix(rows, columns));
  }

  /** The phase that computes the product. */
  static Phase phase(Contraction product, KernelWriter writer) {
    KernelScope scope = writer.scope();
    ContractionTemplate template = new ContractionTemplate(product, scope, writer);
    template.write();
    Set<Buffer> reads = new LinkedHashSet<>(product.nest().reads());
    Set<Buffer> writes = new LinkedHashSet<>(product.nest().writes());
    List<String> schedule =
        List.of(
            "contraction batch" + product.batch(),
            "rows" + product.rows(),
            "columns" + product.columns(),
            "inner" + product.nest().reduce());
    return writer.phase(product.nest(), schedule, scope, template.out, true, reads, writes);
  }

  private void write() {
    Contraction single = SingleRowTemplate.of(product);
    if (single != null) {
      writer.rowSteps().need(single.columns().get(0).extent().value());
      SingleRowTemplate.write(single, scope, out, loops, writer.scratch());
    }
    constant("rowCount", scope.dim(Contraction.extent(product.rows())));
    constant("columnCount", scope.dim(product.columnExtent()));
    constant("depth", scope.dim(Contraction.extent(nest.reduce())));
    constant("batches", scope.dim(Contraction.extent(product.batch())));
    constant("panels", "MatrixRows.panels(columnCount)");
    constant("panelColumns", "MatrixRows.panelColumns(columnCount)");
    constant("tiles", "MatrixRows.tiles(rowCount, batches * panels, workers)");
    constant("tileRows", "MatrixRows.tileRows(rowCount, tiles)");
    constant("tasks", "batches * panels * tiles");
    out.line("final long work = (long) batches * rowCount * columnCount * depth;");
    constant("parts", "Grid.parts(work, tasks, workers)");
    constant("lastTask", "worker < parts ? Grid.bound(tasks, worker + 1, parts) : 0");
    out.line("int task = worker < parts ? Grid.bound(tasks, worker, parts) : 0;");
    out.open("for (; task < lastTask; task++)");
    constant("firstRow", "task % tiles * tileRows");
    constant("endRow", "Math.min(rowCount, firstRow + tileRows)");
    constant("firstColumn", "task / tiles % panels * panelColumns");
    constant("endColumn", "Math.min(columnCount, firstColumn + panelColumns)");
    constant("width", "endColumn - firstColumn");
    loops.bind("task / (tiles * panels)", product.batch());
    task();
    out.close();
  }

  private void constant(String name, String value) {
    loops.constant(name, value);
  }

  private void task() {
    Expr.Const initial = (Expr.Const) nest.reductions().get(0).initial();
    String value = JavaTypes.constant(DType.F32, initial.value());
    out.line(matrix + ".begin(endRow - firstRow, width, " + value + ");");
    constant("lead", matrix + ".lead() - firstColumn");
    out.open("for (int from = 0; from < depth; from += MatrixRows.DEPTH)");
    constant("to", "Math.min(depth, from + MatrixRows.DEPTH)");
    new ContractionPacking(product, scope, out, loops, matrix).write();
    out.line(matrix + ".multiply(endRow - firstRow, to - from, width);");
    out.close();
    new ContractionEpilogue(product, scope, out, loops, matrix).write();
  }

  /** The axes of a run of columns: the last one at its pitch. */
  static List<Axis> pitched(Contraction product) {
    List<Axis> axes = new java.util.ArrayList<>(product.columns());
    Axis last = axes.remove(axes.size() - 1);
    axes.add(new Axis(last.name(), product.pitch()));
    return axes;
  }
}
