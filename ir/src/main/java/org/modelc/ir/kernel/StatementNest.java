package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.runtime.spec.Dim;

/**
 * A kernel of statements that is a nest in other words: loops around some values and stores of
 * them, no two to one element, none to what is read. As a nest it runs in vectors.
 */
public final class StatementNest {
  private final List<Axis> axes = new ArrayList<>();
  private final Map<String, Expr> values = new HashMap<>();
  private final ExprWalk.Rewriter inlined =
      new ExprWalk.Rewriter(
          expr -> expr instanceof Expr.Var v ? values.getOrDefault(v.name(), v) : expr);
  private final List<LoopNest.Store> stores = new ArrayList<>();

  private StatementNest() {}

  /** The nest, or null if the statements do more. */
  public static LoopNest of(StatementKernel kernel) {
    StatementNest found = new StatementNest();
    boolean isNest =
        found.loops(kernel.body())
            && !found.axes.isEmpty()
            && found.areApart()
            && found.readsElse();
    return isNest
        ? new LoopNest(
            kernel.name(), found.axes, List.of(), List.of(), found.stores, kernel.origin())
        : null;
  }

  private boolean loops(Stmt stmt) {
    if (stmt instanceof Stmt.For loop) {
      Dim extent = loop.extent();
      if (extent == null) {
        return false;
      }
      axes.add(new Axis(loop.variable(), extent));
      return loops(loop.body());
    }
    return values(stmt);
  }

  private boolean values(Stmt stmt) {
    if (stmt instanceof Stmt.Let let) {
      values.put(let.name(), inlined.rewrite(let.value()));
      return values(let.body());
    } else if (stmt instanceof Stmt.Seq seq) {
      return seq.statements().stream().allMatch(this::store);
    }
    return store(stmt);
  }

  private boolean store(Stmt stmt) {
    if (!(stmt instanceof Stmt.Store store)) {
      return false;
    }
    List<Expr> index = store.index().stream().map(inlined::rewrite).toList();
    stores.add(new LoopNest.Store(store.buffer(), index, inlined.rewrite(store.value())));
    return true;
  }

  private boolean readsElse() {
    Set<Buffer> read = new HashSet<>();
    stores.forEach(store -> ExprWalk.loads(store.value(), read));
    return stores.stream().noneMatch(store -> read.contains(store.buffer()));
  }

  /** Whether each store takes another element at each point, and no two stores one. */
  private boolean areApart() {
    List<List<AffineIndex>> places = new ArrayList<>();
    for (LoopNest.Store store : stores) {
      List<AffineIndex> place = new ArrayList<>();
      for (Expr index : store.index()) {
        place.add(AffineIndex.of(index));
      }
      if (place.contains(null) || !isOneToOne(place)) {
        return false;
      }
      places.add(place);
    }
    for (int i = 0; i < stores.size(); i++) {
      for (int j = 0; j < i; j++) {
        boolean oneBuffer = stores.get(i).buffer().equals(stores.get(j).buffer());
        if (oneBuffer && !areApart(places.get(i), places.get(j))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether each axis has an index of its own: {@code axis × step + on}, on below step. */
  private boolean isOneToOne(List<AffineIndex> place) {
    Set<String> found = new HashSet<>();
    for (AffineIndex index : place) {
      if (index.coefficients().size() > 1 || !index.offset().isStatic()) {
        return false;
      }
      for (Map.Entry<String, Dim> term : index.coefficients().entrySet()) {
        Dim step = term.getValue();
        boolean inside = step.isStatic() && index.offset().value() < step.value();
        if (!inside || index.offset().value() < 0 || !found.add(term.getKey())) {
          return false;
        }
      }
    }
    return axes.stream().allMatch(axis -> found.contains(axis.name()));
  }

  private static boolean areApart(List<AffineIndex> one, List<AffineIndex> other) {
    for (int i = 0; i < one.size(); i++) {
      boolean sameSteps = one.get(i).coefficients().equals(other.get(i).coefficients());
      if (sameSteps && !one.get(i).offset().equals(other.get(i).offset())) {
        return true;
      }
    }
    return false;
  }
}
