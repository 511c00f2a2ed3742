package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * What schedules depend on, as a line of text: {@code f32 128 x 384 x 1536, left in rows, right in
 * panels, sums}: rows, columns and depth, how factors lie, what becomes of sums. Names of values
 * and dims do not occur in it.
 */
record ProductFingerprint(Contraction product) {
  static String of(Contraction product) {
    return new ProductFingerprint(product).text();
  }

  private String text() {
    return product.dtype().name().toLowerCase(Locale.ROOT)
        + " "
        + shape()
        + ", left "
        + left()
        + ", right "
        + right()
        + ", "
        + result();
  }

  /** With symbols numbered: of all ways to do so, the one whose text comes first. */
  private String shape() {
    List<Dim> dims =
        List.of(
            product.rowCount(),
            product.columnCount(),
            product.depth(),
            Contraction.extent(product.batch()));
    Set<String> symbols = new TreeSet<>();
    dims.forEach(dim -> symbols.addAll(dim.symbols()));
    return first(dims, List.copyOf(symbols), Map.of());
  }

  private static String first(List<Dim> dims, List<String> symbols, Map<String, Dim> numbers) {
    if (symbols.isEmpty()) {
      return shape(dims.stream().map(dim -> dim.substitute(numbers)).toList());
    }
    String best = null;
    for (String symbol : symbols) {
      Map<String, Dim> more = new HashMap<>(numbers);
      more.put(symbol, Dim.symbol("n" + (numbers.size() + 1)));
      List<String> others = symbols.stream().filter(each -> !each.equals(symbol)).toList();
      String text = first(dims, others, more);
      best = best == null || text.compareTo(best) < 0 ? text : best;
    }
    return best;
  }

  private static String shape(List<Dim> dims) {
    List<String> texts = dims.stream().map(dim -> dim.toString().replace(" ", "")).toList();
    String batch = dims.get(3).is(1) ? "" : " batch " + texts.get(3);
    return String.join(" x ", texts.subList(0, 3)) + batch;
  }

  private String left() {
    if (product.isLeftInRows()) {
      return "in rows";
    }
    return product.isLeftTurned() ? "turned" : other(product.left());
  }

  private String right() {
    if (product.rightPanels() != null) {
      return "in panels";
    }
    if (product.isRightInRows()) {
      return "in rows";
    }
    return product.isRightTurned() ? "turned" : other(product.right());
  }

  private String other(Expr factor) {
    return product.place(factor) != null ? "strided" : "computed";
  }

  private String result() {
    if (product.plainStore() != null) {
      return "sums";
    }
    List<String> functions = new ArrayList<>();
    for (LoopNest.Store store : product.nest().stores()) {
      ExprWalk.visit(
          store.value(),
          expr -> {
            if (expr instanceof Expr.Apply apply && apply.op().isFunction()) {
              functions.add(apply.op().text());
            }
          });
    }
    int stores = product.nest().stores().size();
    String count = stores == 1 ? "an expression" : stores + " expressions";
    return functions.isEmpty()
        ? count
        : count + " with " + String.join(", ", functions.stream().distinct().sorted().toList());
  }
}
