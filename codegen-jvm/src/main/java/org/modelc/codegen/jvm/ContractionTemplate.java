package org.modelc.codegen.jvm;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;

/**
 * A matrix product by tiles: each task packs blocks of both factors (which may be any expressions), adds
 * their products to a tile of output rows, then stores the tile through the nest's own expressions.
 */
final class ContractionTemplate {
  private final Contraction product;
  private final LoopNest nest;
  private final KernelScope scope;
  private final SourceText out = new SourceText();
  private final String matrix;

  private ContractionTemplate(Contraction product, KernelScope scope, ScratchPlan scratch) {
    this.product = product;
    this.nest = product.nest();
    this.scope = scope;
    String rows = scope.dim(Contraction.extent(product.rows()));
    String columns = scope.dim(Contraction.extent(product.columns()));
    this.matrix = scope.scratch("matrix", "MatrixRows", scratch.takeMatrix(rows, columns));
  }

  /** The phase that computes the product. */
  static Phase phase(Contraction product, KernelWriter writer) {
    KernelScope scope = writer.scope();
    ContractionTemplate template = new ContractionTemplate(product, scope, writer.scratch());
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
    constant("rowCount", scope.dim(Contraction.extent(product.rows())));
    constant("columnCount", scope.dim(Contraction.extent(product.columns())));
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
    decode("task / (tiles * panels)", product.batch());
    task();
    out.close();
  }

  private void constant(String name, String value) {
    out.line("final int " + name + " = " + value + ";");
  }

  private void task() {
    Expr.Const initial = (Expr.Const) nest.reductions().get(0).initial();
    String value = JavaTypes.constant(DType.F32, initial.value());
    out.line(matrix + ".begin(endRow - firstRow, width, " + value + ");");
    constant("lead", matrix + ".lead() - firstColumn");
    out.open("for (int from = 0; from < depth; from += MatrixRows.DEPTH)");
    constant("to", "Math.min(depth, from + MatrixRows.DEPTH)");
    packColumns();
    packRows();
    out.line(matrix + ".multiply(endRow - firstRow, to - from, width);");
    out.close();
    finish();
  }

  /** Binds axes from the number of a point among all of theirs. */
  private void decode(String point, List<Axis> axes) {
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
   * A loop over points {@code from} to {@code to} of several axes, in runs along the last one. The body
   * gets the position of the run's first point (Java) and, within, the last axis is bound to its first
   * value; {@code length} points follow.
   */
  private void runs(String position, String from, String to, List<Axis> axes, Consumer<String> body) {
    Axis last = axes.get(axes.size() - 1);
    String length = scope.fresh("length");
    if (axes.size() == 1) {
      constant(length, to + " - " + from);
      constant(position, from);
      body.accept(length);
      return;
    }
    String extent = scope.dim(last.extent());
    out.open("for (int " + position + " = " + from + "; " + position + " < " + to + "; )");
    decode(position + " / " + extent, axes.subList(0, axes.size() - 1));
    constant(length, "Math.min(" + extent + " - " + position + " % " + extent + ", " + to + " - " + position + ")");
    body.accept(length);
    out.line(position + " += " + length + ";");
    out.close();
  }

  /** The first value of a run's last axis. */
  private String first(String position, List<Axis> axes) {
    return axes.size() == 1
        ? position
        : position + " % " + scope.dim(axes.get(axes.size() - 1).extent());
  }

  private void packColumns() {
    if (isTransposed()) {
      packTransposed();
      return;
    }
    out.open("for (int inner = from; inner < to; inner++)");
    decode("inner", nest.reduce());
    out.line("final float[] row = " + matrix + ".inner(inner - from);");
    copyRun("row", "lead", product.right(), "firstColumn", "endColumn", product.columns());
    out.close();
  }

  /** Whether the columns' factor runs through memory along the inner dim. */
  private boolean isTransposed() {
    return nest.reduce().size() == 1
        && product.columns().size() == 1
        && UnitStride.along(product.right(), nest.reduce().get(0).name())
        && !UnitStride.along(product.right(), product.columns().get(0).name());
  }

  private void packTransposed() {
    Expr.Load load = (Expr.Load) product.right();
    Axis column = product.columns().get(0);
    AffineIndex index = UnitStride.index(load);
    out.line("{");
    constant(scope.variable(nest.reduce().get(0).name()), "from");
    constant(scope.variable(column.name()), "firstColumn");
    String stride = scope.dim(index.coefficient(column.name()));
    String source = scope.array(load.buffer()) + ", " + scope.print(index);
    out.line(matrix + ".transpose(" + source + ", " + stride + ", to - from, width);");
    out.line("}");
  }

  private void packRows() {
    out.open("for (int point = firstRow; point < endRow; point++)");
    decode("point", product.rows());
    constant("at", "(point - firstRow) * MatrixRows.DEPTH - from");
    copyRun(matrix + ".factors()", "at", product.left(), "from", "to", nest.reduce());
    out.close();
  }

  /** Fills {@code target[position - origin]} for a range of points. */
  private void copyRun(
      String target, String origin, Expr value, String from, String to, List<Axis> axes) {
    Axis last = axes.get(axes.size() - 1);
    String position = scope.fresh("position");
    runs(
        position, from, to, axes,
        length -> {
          out.line("{");
          String at = origin + " + " + position;
          if (UnitStride.along(value, last.name())) {
            constant(scope.variable(last.name()), first(position, axes));
            Expr.Load load = (Expr.Load) value;
            String source = scope.array(load.buffer()) + ", " + scope.print(UnitStride.index(load));
            out.line("System.arraycopy(" + source + ", " + target + ", " + at + ", " + length + ");");
          } else {
            loop(length, last, first(position, axes), () -> assign(target, at, value));
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

  /** Steps along the last axis of a run; {@code offset} counts from its start. */
  private void loop(String length, Axis last, String first, Runnable body) {
    String start = scope.fresh("start");
    constant(start, first);
    out.open("for (int offset = 0; offset < " + length + "; offset++)");
    constant(scope.variable(last.name()), start + " + offset");
    body.run();
    out.close();
  }

  private void finish() {
    out.open("for (int point = firstRow; point < endRow; point++)");
    decode("point", product.rows());
    out.line("final float[] row = " + matrix + ".row(point - firstRow);");
    List<Axis> axes = product.columns();
    Axis last = axes.get(axes.size() - 1);
    String position = scope.fresh("position");
    runs(
        position, "firstColumn", "endColumn", axes,
        length -> {
          for (LoopNest.Store store : nest.stores()) {
            out.line("{");
            if (isCopy(store, last)) {
              constant(scope.variable(last.name()), first(position, axes));
              String target = scope.array(store.buffer()) + ", " + scope.print(KernelScope.flat(store.buffer(), store.index()));
              out.line("System.arraycopy(row, lead + " + position + ", " + target + ", " + length + ");");
            } else {
              loop(length, last, first(position, axes), () -> store(store, position));
            }
            out.line("}");
          }
        });
    out.close();
  }

  private static boolean isCopy(LoopNest.Store store, Axis last) {
    AffineIndex index = KernelScope.flat(store.buffer(), store.index());
    return store.value() instanceof Expr.Reduced
        && store.buffer().dtype() == DType.F32
        && index != null
        && index.coefficient(last.name()).is(1);
  }

  private void store(LoopNest.Store store, String position) {
    String sum = "row[lead + " + position + " + offset]";
    ExpressionWriter writer = new ExpressionWriter(scope, out, reduced -> sum, load -> null);
    store.index().forEach(writer::expect);
    writer.expect(store.value());
    String value = JavaTypes.store(store.buffer().dtype(), writer.print(store.value()));
    String index = writer.index(store.buffer(), store.index());
    out.line(scope.array(store.buffer()) + "[" + index + "] = " + value + ";");
  }
}
