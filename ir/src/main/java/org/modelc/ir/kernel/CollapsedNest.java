package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.runtime.spec.Dim;

/**
 * A nest with as few axes as it can be written with: axes of one point go, and neighbouring axes
 * that all accesses run through as one become one. An elementwise nest over whole tensors becomes a
 * single loop.
 */
public final class CollapsedNest {
  private LoopNest nest;

  private CollapsedNest(LoopNest nest) {
    this.nest = nest;
  }

  /** The nest with fewer axes, or as it is. */
  public static LoopNest of(LoopNest nest) {
    CollapsedNest collapsed = new CollapsedNest(nest);
    collapsed.dropUnits();
    while (collapsed.collapseOne()) {}
    return collapsed.nest;
  }

  private void dropUnits() {
    Map<String, Expr> zeros = new java.util.HashMap<>();
    for (List<Axis> axes : List.of(nest.parallel(), nest.reduce())) {
      axes.stream()
          .filter(axis -> axis.extent().is(1))
          .forEach(axis -> zeros.put(axis.name(), Expr.integer(0)));
    }
    if (zeros.isEmpty()) {
      return;
    }
    List<Axis> reduce = longer(nest.reduce());
    boolean hasReductions = !nest.reductions().isEmpty();
    if (hasReductions && reduce.isEmpty()) {
      Axis kept = nest.reduce().get(nest.reduce().size() - 1);
      zeros.remove(kept.name());
      reduce = List.of(kept);
    }
    ExprWalk.Rewriter rewriter =
        new ExprWalk.Rewriter(
            expr -> expr instanceof Expr.Var v ? zeros.getOrDefault(v.name(), v) : expr);
    nest = rewritten(longer(nest.parallel()), reduce, rewriter);
  }

  private static List<Axis> longer(List<Axis> axes) {
    return axes.stream().filter(axis -> !axis.extent().is(1)).toList();
  }

  private LoopNest rewritten(List<Axis> parallel, List<Axis> reduce, ExprWalk.Rewriter rewriter) {
    List<LoopNest.Reduction> reductions = new ArrayList<>();
    for (LoopNest.Reduction r : nest.reductions()) {
      reductions.add(
          new LoopNest.Reduction(
              r.combiner(), rewriter.rewrite(r.initial()), rewriter.rewrite(r.body())));
    }
    List<LoopNest.Store> stores = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      // A store is rewritten as a load is, index and all.
      Expr.Load place = (Expr.Load) rewriter.rewrite(new Expr.Load(store.buffer(), store.index()));
      stores.add(
          new LoopNest.Store(place.buffer(), place.index(), rewriter.rewrite(store.value())));
    }
    return new LoopNest(nest.name(), parallel, reduce, reductions, stores, nest.origin());
  }

  private boolean collapseOne() {
    for (int i = nest.parallel().size() - 2; i >= 0; i--) {
      if (canCollapse(nest.parallel().get(i), nest.parallel().get(i + 1))) {
        List<Axis> axes = joined(nest.parallel(), i);
        collapse(nest.parallel().get(i), nest.parallel().get(i + 1), axes, nest.reduce());
        return true;
      }
    }
    for (int i = nest.reduce().size() - 2; i >= 0; i--) {
      if (canCollapse(nest.reduce().get(i), nest.reduce().get(i + 1))) {
        List<Axis> axes = joined(nest.reduce(), i);
        collapse(nest.reduce().get(i), nest.reduce().get(i + 1), nest.parallel(), axes);
        return true;
      }
    }
    return false;
  }

  private static List<Axis> joined(List<Axis> axes, int outer) {
    List<Axis> joined = new ArrayList<>(axes);
    joined.set(outer, joined(axes.get(outer), axes.get(outer + 1)));
    joined.remove(outer + 1);
    return joined;
  }

  private static Axis joined(Axis outer, Axis inner) {
    return new Axis(outer.name() + "_" + inner.name(), outer.extent().times(inner.extent()));
  }

  private boolean canCollapse(Axis outer, Axis inner) {
    Set<String> names = Set.of(outer.name(), inner.name());
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Expr root : roots()) {
      if (!canCollapse(root, outer, inner, names, seen)) {
        return false;
      }
    }
    return true;
  }

  private List<Expr> roots() {
    List<Expr> roots = new ArrayList<>();
    nest.reductions().forEach(r -> roots.addAll(List.of(r.initial(), r.body())));
    for (LoopNest.Store store : nest.stores()) {
      roots.add(store.value());
      roots.add(new Expr.Load(store.buffer(), store.index()));
    }
    return roots;
  }

  private static boolean canCollapse(
      Expr expr, Axis outer, Axis inner, Set<String> names, Set<Expr> seen) {
    if (!seen.add(expr)) {
      return true;
    }
    if (expr instanceof Expr.Load load) {
      AffineIndex flat = AffineIndex.flat(load.buffer(), load.index());
      if (flat != null) {
        Dim step = flat.coefficient(inner.name()).times(inner.extent());
        return flat.coefficient(outer.name()).equals(step);
      }
    }
    boolean free = !(expr instanceof Expr.Var variable) || !names.contains(variable.name());
    return free
        && expr.children().stream().allMatch(e -> canCollapse(e, outer, inner, names, seen));
  }

  private void collapse(Axis outer, Axis inner, List<Axis> parallel, List<Axis> reduce) {
    Axis joined = joined(outer, inner);
    ExprWalk.Rewriter rewriter =
        new ExprWalk.Rewriter(
            expr -> expr instanceof Expr.Load load ? flattened(load, outer, inner, joined) : expr);
    nest = rewritten(parallel, reduce, rewriter);
  }

  private static Expr flattened(Expr.Load load, Axis outer, Axis inner, Axis joined) {
    AffineIndex flat = AffineIndex.flat(load.buffer(), load.index());
    if (flat == null
        || (flat.coefficient(outer.name()).is(0) && flat.coefficient(inner.name()).is(0))) {
      return load;
    }
    Expr index = term(joined.variable(), flat.coefficient(inner.name()));
    for (String axis : new java.util.TreeSet<>(flat.coefficients().keySet())) {
      if (!axis.equals(outer.name()) && !axis.equals(inner.name())) {
        Expr variable = new Axis(axis, Dim.ONE).variable();
        index = index.plus(term(variable, flat.coefficient(axis)));
      }
    }
    if (!flat.offset().is(0)) {
      index = index.plus(Expr.size(flat.offset()));
    }
    Buffer buffer = load.buffer();
    return new Expr.Load(
        new Buffer(buffer.name(), buffer.dtype(), List.of(buffer.size())), List.of(index));
  }

  private static Expr term(Expr variable, Dim coefficient) {
    return coefficient.is(1) ? variable : variable.times(Expr.size(coefficient));
  }
}
