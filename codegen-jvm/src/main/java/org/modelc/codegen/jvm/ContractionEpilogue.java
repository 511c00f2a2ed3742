package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;

/**
 * Prints how a finished tile is stored. Where a store runs along the columns, what it needs besides
 * the sums is copied into rows of the block, which are free by then, so that all arrays of the loop
 * have the same index; else elements are stored one by one.
 */
final class ContractionEpilogue {
  /** Rows of the block for operands; the last ones take results. */
  private static final int OPERAND_ROWS = 12;

  private final Contraction product;
  private final LoopNest nest;
  private final KernelScope scope;
  private final SourceText out;
  private final PointLoops loops;
  private final String matrix;
  private final Axis last;
  private final Set<String> columnNames;
  private final Set<String> rowNames;

  /** The row that holds a load's values. */
  private final Map<Expr.Load, String> staged = new LinkedHashMap<>();

  ContractionEpilogue(
      Contraction product, KernelScope scope, SourceText out, PointLoops loops, String matrix) {
    this.product = product;
    this.nest = product.nest();
    this.scope = scope;
    this.out = out;
    this.loops = loops;
    this.matrix = matrix;
    this.last = product.columns().get(product.columns().size() - 1);
    this.columnNames = product.columns().stream().map(Axis::name).collect(Collectors.toSet());
    this.rowNames = product.rows().stream().map(Axis::name).collect(Collectors.toSet());
  }

  void write() {
    boolean inRows = nest.stores().stream().allMatch(this::runsAlongColumns);
    if (inRows) {
      nest.stores()
          .forEach(store -> stageable(store.value()).forEach(load -> staged.put(load, "")));
    }
    if (!inRows || staged.size() > OPERAND_ROWS || nest.stores().size() > 3) {
      staged.clear();
      elements();
      return;
    }
    List<Expr.Load> loads = new ArrayList<>(staged.keySet());
    for (int i = 0; i < loads.size(); i++) {
      String row = scope.fresh("operand");
      out.line("final float[] " + row + " = " + matrix + ".inner(" + i + ");");
      staged.put(loads.get(i), row);
      if (!mentions(loads.get(i), rowNames)) {
        stage(loads.get(i));
      }
    }
    rows(loads);
  }

  private void stage(Expr.Load load) {
    List<Axis> axes = ContractionTemplate.pitched(product);
    loops.fill(staged.get(load), "lead", load, "firstColumn", "endColumn", axes, true);
  }

  private void rows(List<Expr.Load> loads) {
    out.open("for (int point = firstRow; point < endRow; point++)");
    loops.bind("point", product.rows());
    out.line("final float[] row = " + matrix + ".row(point - firstRow);");
    for (Expr.Load load : loads) {
      if (mentions(load, rowNames)) {
        stage(load);
      }
    }
    List<String> results = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      results.add(store.value() instanceof Expr.Reduced ? "row" : compute(store, results.size()));
    }
    for (int i = 0; i < results.size(); i++) {
      copy(nest.stores().get(i), results.get(i));
    }
    out.close();
  }

  /** A loop over a whole row of the tile. */
  private String compute(LoopNest.Store store, int number) {
    String result = scope.fresh("result");
    String place = matrix + ".inner(MatrixRows.DEPTH - 1 - " + number + ")";
    out.line("final float[] " + result + " = " + place + ";");
    Map<Expr.Load, String> values = new LinkedHashMap<>();
    staged.forEach((load, row) -> values.put(load, row + "[at]"));
    for (Expr.Load load : fixed(store.value())) {
      String name = scope.fresh("h");
      String text = ExpressionWriter.of(scope, out, other -> null).load(load);
      out.line("final " + JavaTypes.value(load.dtype()) + " " + name + " = " + text + ";");
      values.put(load, name);
    }
    out.open("for (int at = lead + firstColumn; at < lead + endColumn; at++)");
    ExpressionWriter writer = new ExpressionWriter(scope, out, sum -> "row[at]", values::get);
    writer.expect(store.value());
    String value = writer.print(store.value());
    out.line(result + "[at] = " + value + ";");
    out.close();
    return result;
  }

  private void copy(LoopNest.Store store, String row) {
    loops.runs(
        "firstColumn",
        "endColumn",
        ContractionTemplate.pitched(product),
        run -> {
          out.line("{");
          loops.constant(scope.variable(last.name()), run.first());
          Expr.Load target = new Expr.Load(store.buffer(), store.index());
          String from = row + ", lead + " + run.position();
          out.line(
              "MatrixRows.copy(" + from + ", " + loops.element(target) + ", " + inside(run) + ");");
          out.line("}");
        });
  }

  /** The length of a run without what lies in the gap. */
  private String inside(PointLoops.Run run) {
    return product.pitch().equals(last.extent())
        ? run.length()
        : "Math.max(0, Math.min("
            + run.length()
            + ", "
            + scope.dim(last.extent())
            + " - "
            + run.first()
            + "))";
  }

  private boolean runsAlongColumns(LoopNest.Store store) {
    AffineIndex index = KernelScope.flat(store.buffer(), store.index());
    return store.buffer().dtype() == DType.F32
        && index != null
        && index.coefficient(last.name()).is(1)
        && isRowWise(store.value());
  }

  /** Whether every part is a load along the columns, or the same for a whole row. */
  private boolean isRowWise(Expr expr) {
    if (expr instanceof Expr.Load load) {
      return !mentions(load, columnNames) || UnitStride.along(load, last.name());
    } else if (expr instanceof Expr.Var variable) {
      return !columnNames.contains(variable.name());
    }
    return expr.children().stream().allMatch(this::isRowWise);
  }

  private List<Expr.Load> stageable(Expr expr) {
    return loads(expr).stream().filter(load -> mentions(load, columnNames)).toList();
  }

  /** Loads that are the same for a whole row. */
  private List<Expr.Load> fixed(Expr expr) {
    return loads(expr).stream()
        .filter(load -> !mentions(load, columnNames) && scope.scalar(load.buffer()) == null)
        .toList();
  }

  private static List<Expr.Load> loads(Expr expr) {
    List<Expr.Load> loads = new ArrayList<>();
    ExprWalk.visit(
        expr,
        node -> {
          if (node instanceof Expr.Load load && !loads.contains(load)) {
            loads.add(load);
          }
        });
    return loads;
  }

  private static boolean mentions(Expr expr, Set<String> names) {
    boolean[] found = {false};
    ExprWalk.visit(expr, e -> found[0] |= e instanceof Expr.Var v && names.contains(v.name()));
    return found[0];
  }

  // Element by element.

  private void elements() {
    out.open("for (int point = firstRow; point < endRow; point++)");
    loops.bind("point", product.rows());
    out.line("final float[] row = " + matrix + ".row(point - firstRow);");
    loops.runs(
        "firstColumn",
        "endColumn",
        ContractionTemplate.pitched(product),
        run -> {
          PointLoops.Run kept = new PointLoops.Run(run.position(), run.first(), inside(run));
          loops.along(kept, last, () -> stores(run.position()));
        });
    out.close();
  }

  private void stores(String position) {
    List<String> values = new ArrayList<>();
    String sum = "row[lead + " + position + " + offset]";
    for (LoopNest.Store store : nest.stores()) {
      ExpressionWriter writer = new ExpressionWriter(scope, out, reduced -> sum, load -> null);
      writer.expect(store.value());
      String name = scope.fresh("value");
      String value = writer.print(store.value());
      out.line(
          "final " + JavaTypes.value(store.value().dtype()) + " " + name + " = " + value + ";");
      values.add(name);
    }
    for (int i = 0; i < values.size(); i++) {
      LoopNest.Store store = nest.stores().get(i);
      ExpressionWriter writer = ExpressionWriter.of(scope, out, load -> null);
      String index = writer.index(store.buffer(), store.index());
      String value = JavaTypes.store(store.buffer().dtype(), values.get(i));
      out.line(scope.array(store.buffer()) + "[" + index + "] = " + value + ";");
    }
  }
}
