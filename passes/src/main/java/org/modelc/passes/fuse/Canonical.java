package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.LoopNest.Store;

/**
 * Nests in the form that fusion reads: no axes of extent 1, loads and stores through views turned
 * into accesses of what they stand for, constants of one element as literals.
 */
final class Canonical {
  private final KernelProgram program;

  Canonical(KernelProgram program) {
    this.program = program;
  }

  Kernel of(Kernel kernel) {
    return kernel instanceof LoopNest nest ? of(nest) : kernel;
  }

  private LoopNest of(LoopNest nest) {
    Map<String, Expr> units = new HashMap<>();
    Nests.axes(nest).stream()
        .filter(axis -> axis.extent().is(1))
        .forEach(axis -> units.put(axis.name(), Expr.integer(0)));
    LoopNest narrowed =
        Nests.substitute(nest, withoutUnits(nest.parallel()), withoutUnits(nest.reduce()), units);
    Reindex reindex = new Reindex(Nests.axes(narrowed));
    LoopNest direct =
        Nests.rewrite(narrowed, expr -> ExprSimplifier.simplify(throughView(expr, reindex)));
    List<Store> stores =
        direct.stores().stream().map(store -> throughView(store, reindex)).toList();
    LoopNest result =
        new LoopNest(
            nest.name(),
            direct.parallel(),
            direct.reduce(),
            direct.reductions(),
            stores,
            nest.origin());
    return Nests.shareEqual(result.reduce().isEmpty() ? withoutReductions(result) : result);
  }

  /** Joining one value to the initial one takes no reduction. */
  private static LoopNest withoutReductions(LoopNest nest) {
    LoopNest direct = Nests.rewrite(nest, expr -> joined(nest, expr));
    return new LoopNest(
        nest.name(), nest.parallel(), List.of(), List.of(), direct.stores(), nest.origin());
  }

  private static Expr joined(LoopNest nest, Expr expr) {
    if (!(expr instanceof Expr.Reduced reduced)) {
      return expr;
    }
    LoopNest.Reduction reduction = nest.reductions().get(reduced.reduction());
    return Expr.apply(reduction.combiner().op(), reduction.initial(), reduction.body());
  }

  private static List<Axis> withoutUnits(List<Axis> axes) {
    return axes.stream().filter(axis -> !axis.extent().is(1)).toList();
  }

  private Expr throughView(Expr expr, Reindex reindex) {
    if (!(expr instanceof Expr.Load load)) {
      return expr;
    }
    Buffer storage = program.storage(load.buffer());
    org.modelc.ir.op.Literal literal = program.literals().get(storage);
    if (literal != null && literal.elements().length == 1) {
      double element = ScalarFunctions.round(storage.dtype(), literal.elements()[0]);
      return Expr.constant(load.dtype(), element);
    }
    List<Expr> index = reindex.apply(load.buffer().shape(), load.index(), storage.shape());
    return index == null || same(load, storage, index) ? load : new Expr.Load(storage, index);
  }

  private static boolean same(Expr.Load load, Buffer storage, List<Expr> index) {
    return load.buffer().equals(storage) && load.index() == index;
  }

  private Store throughView(Store store, Reindex reindex) {
    Buffer storage = program.storage(store.buffer());
    List<Expr> index = reindex.apply(store.buffer().shape(), store.index(), storage.shape());
    return index == null ? store : new Store(storage, new ArrayList<>(index), store.value());
  }
}
