package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.LoopNest.Reduction;
import org.modelc.ir.kernel.LoopNest.Store;
import org.modelc.ir.kernel.ScalarOp;

/** Questions about nests, and nests rewritten. */
final class Nests {
  private Nests() {}

  static boolean isElementwise(LoopNest nest) {
    return nest.reductions().isEmpty() && nest.reduce().isEmpty();
  }

  static List<Axis> axes(LoopNest nest) {
    List<Axis> axes = new ArrayList<>(nest.parallel());
    axes.addAll(nest.reduce());
    return axes;
  }

  /** All expressions of a nest: initial values and bodies, then indices and values of stores. */
  static List<Expr> expressions(LoopNest nest) {
    List<Expr> roots = new ArrayList<>();
    for (Reduction reduction : nest.reductions()) {
      roots.add(reduction.initial());
      roots.add(reduction.body());
    }
    for (Store store : nest.stores()) {
      roots.addAll(store.index());
      roots.add(store.value());
    }
    return roots;
  }

  /** The nest with a rule applied to every expression; axes stay. */
  static LoopNest rewrite(LoopNest nest, UnaryOperator<Expr> rule) {
    return rewrite(nest, nest.parallel(), nest.reduce(), rule);
  }

  /** The nest over other axes with a rule applied to every expression. */
  static LoopNest rewrite(
      LoopNest nest, List<Axis> parallel, List<Axis> reduce, UnaryOperator<Expr> rule) {
    ExprWalk.Rewriter rewriter = new ExprWalk.Rewriter(rule);
    List<Reduction> reductions = new ArrayList<>();
    for (Reduction old : nest.reductions()) {
      reductions.add(
          new Reduction(
              old.combiner(), rewriter.rewrite(old.initial()), rewriter.rewrite(old.body())));
    }
    List<Store> stores = new ArrayList<>();
    for (Store old : nest.stores()) {
      List<Expr> index = old.index().stream().map(rewriter::rewrite).toList();
      stores.add(new Store(old.buffer(), index, rewriter.rewrite(old.value())));
    }
    return new LoopNest(nest.name(), parallel, reduce, reductions, stores, nest.origin());
  }

  /** The nest with equal expressions made one object, so that each is computed once. */
  static LoopNest shareEqual(LoopNest nest) {
    ExprInterner interner = new ExprInterner();
    return rewrite(nest, interner::intern);
  }

  /** Replaces variables by name in the whole nest, over other axes. */
  static LoopNest substitute(
      LoopNest nest, List<Axis> parallel, List<Axis> reduce, Map<String, Expr> variables) {
    return rewrite(
        nest,
        parallel,
        reduce,
        expr ->
            expr instanceof Expr.Var variable
                ? variables.getOrDefault(variable.name(), variable)
                : expr);
  }

  /**
   * Whether the nest is a sum of products of two loads of which one does not run over all axes:
   * what matrix and convolution templates take.
   */
  static boolean isContraction(LoopNest nest) {
    if (nest.reductions().size() != 1 || nest.reductions().get(0).combiner() != Combiner.SUM) {
      return false;
    }
    Expr body = nest.reductions().get(0).body();
    if (!(body instanceof Expr.Apply product) || product.op() != ScalarOp.MULTIPLY) {
      return false;
    }
    Set<String> all = new HashSet<>();
    axes(nest).stream().filter(axis -> !axis.extent().is(1)).forEach(axis -> all.add(axis.name()));
    boolean reused = false;
    for (Expr factor : product.operands()) {
      if (!isAccess(factor)) {
        return false;
      }
      reused |= !ExprWalk.variables(factor).containsAll(all);
    }
    return reused;
  }

  /** A load, perhaps converted. */
  static boolean isPlainLoad(Expr expr) {
    return expr instanceof Expr.Cast cast ? isPlainLoad(cast.operand()) : expr instanceof Expr.Load;
  }

  /** A load, perhaps converted, perhaps with a guard that gives a constant outside. */
  static boolean isAccess(Expr expr) {
    if (expr instanceof Expr.Cast cast) {
      return isAccess(cast.operand());
    } else if (expr instanceof Expr.Select select) {
      return isAccess(select.then()) && select.otherwise() instanceof Expr.Const;
    }
    return expr instanceof Expr.Load;
  }
}
