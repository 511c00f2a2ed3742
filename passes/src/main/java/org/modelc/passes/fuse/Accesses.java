package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;

/** How a nest loads from a buffer. */
final class Accesses {
  private Accesses() {}

  /** The distinct loads from a buffer or its views. */
  static List<Expr.Load> loads(LoopNest nest, Buffer storage, Kernels kernels) {
    List<Expr.Load> loads = new ArrayList<>();
    for (Expr root : Nests.expressions(nest)) {
      ExprWalk.visit(
          root,
          expr -> {
            if (expr instanceof Expr.Load load
                && kernels.storage(load.buffer()).equals(storage)
                && loads.stream().noneMatch(known -> known == load)) {
              loads.add(load);
            }
          });
    }
    return loads;
  }

  /** How often the nest loads from the buffer, at the most frequent place. */
  static double evaluations(LoopNest nest, Buffer storage, Kernels kernels) {
    double most = 0;
    double outer = NestCost.points(nest.parallel());
    double all = outer * NestCost.points(nest.reduce());
    for (LoopNest.Reduction reduction : nest.reductions()) {
      if (reads(reduction.body(), storage, kernels)) {
        most = all;
      } else if (reads(reduction.initial(), storage, kernels)) {
        most = Math.max(most, outer);
      }
    }
    for (LoopNest.Store store : nest.stores()) {
      if (reads(store.value(), storage, kernels)) {
        most = Math.max(most, outer);
      }
    }
    return most;
  }

  private static boolean reads(Expr root, Buffer storage, Kernels kernels) {
    boolean[] found = {false};
    ExprWalk.visit(
        root,
        expr ->
            found[0] |=
                expr instanceof Expr.Load load && kernels.storage(load.buffer()).equals(storage));
    return found[0];
  }
}
