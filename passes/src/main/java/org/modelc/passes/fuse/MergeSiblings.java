package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.LoopNest.Reduction;
import org.modelc.ir.kernel.LoopNest.Store;

/** Joins nests over equal axes that load the same elements, and all nests of a single point. */
final class MergeSiblings {
  /** More arrays than this in one loop keep C2 from vectorising it. */
  private static final int MOST_BUFFERS = 12;

  private final Kernels kernels;

  MergeSiblings(Kernels kernels) {
    this.kernels = kernels;
  }

  boolean run() {
    boolean changed = false;
    for (Kernel kernel : kernels.order()) {
      boolean merged = kernels.named(kernel.name()) != null;
      while (merged) {
        Kernel current = kernels.named(kernel.name());
        merged = current instanceof LoopNest first && mergeOneSibling(first);
        changed |= merged;
      }
    }
    return changed;
  }

  private boolean mergeOneSibling(LoopNest first) {
    for (Kernel kernel :
        kernels.order().subList(kernels.index(first) + 1, kernels.order().size())) {
      if (kernel instanceof LoopNest second
          && haveEqualAxes(first, second)
          && merge(first, second)) {
        return true;
      }
    }
    return false;
  }

  private static boolean haveEqualAxes(LoopNest first, LoopNest second) {
    return haveEqualExtents(first.parallel(), second.parallel())
        && haveEqualExtents(first.reduce(), second.reduce());
  }

  private static boolean haveEqualExtents(List<Axis> first, List<Axis> second) {
    boolean equal = first.size() == second.size();
    for (int i = 0; equal && i < first.size(); i++) {
      equal = first.get(i).extent().equals(second.get(i).extent());
    }
    return equal;
  }

  private boolean merge(LoopNest first, LoopNest second) {
    if (Nests.isContraction(first) || Nests.isContraction(second)) {
      return false;
    }
    LoopNest renamed = renamed(first, second);
    boolean single = first.parallel().isEmpty() && first.reduce().isEmpty();
    if ((!single && !shareLoads(first, renamed)) || kernels.isBefore(first, second)) {
      return false;
    }
    LoopNest merged = joined(first, renamed);
    boolean small =
        NestCost.size(Nests.expressions(merged)) <= InlineProducers.LARGEST_NEST
            && merged.reads().size() + merged.writes().size() <= MOST_BUFFERS;
    if (small || single) {
      kernels.merge(first, second, merged);
    }
    return small || single;
  }

  private static LoopNest renamed(LoopNest first, LoopNest second) {
    List<Axis> to = Nests.axes(first);
    List<Axis> from = Nests.axes(second);
    Map<String, Expr> names = new HashMap<>();
    for (int i = 0; i < from.size(); i++) {
      names.put(from.get(i).name(), to.get(i).variable());
    }
    return Nests.substitute(second, first.parallel(), first.reduce(), names);
  }

  /** Whether both load an element of an array of some size at each point. */
  private static boolean shareLoads(LoopNest first, LoopNest second) {
    Set<List<Object>> loads = loads(first);
    loads.retainAll(loads(second));
    return !loads.isEmpty();
  }

  private static Set<List<Object>> loads(LoopNest nest) {
    Set<List<Object>> loads = new HashSet<>();
    for (Expr root : Nests.expressions(nest)) {
      ExprWalk.visit(
          root,
          expr -> {
            if (expr instanceof Expr.Load load && !load.buffer().size().is(1)) {
              loads.add(List.of(load.buffer(), load.index()));
            }
          });
    }
    return loads;
  }

  private static LoopNest joined(LoopNest first, LoopNest second) {
    int offset = first.reductions().size();
    List<Reduction> reductions = new ArrayList<>(first.reductions());
    reductions.addAll(second.reductions());
    List<Store> stores = new ArrayList<>(first.stores());
    LoopNest shifted = renumbered(second, number -> number + offset);
    stores.addAll(shifted.stores());
    LoopNest both =
        new LoopNest(
            first.name(), first.parallel(), first.reduce(), reductions, stores, first.origin());
    return Origins.join(Nests.shareEqual(withoutRepeats(Nests.shareEqual(both))), second);
  }

  /** Joins of equal bodies become one. */
  private static LoopNest withoutRepeats(LoopNest nest) {
    List<Reduction> kept = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (Reduction reduction : nest.reductions()) {
      int number = 0;
      while (number < kept.size() && !isSame(kept.get(number), reduction)) {
        number++;
      }
      if (number == kept.size()) {
        kept.add(reduction);
      }
      numbers.add(number);
    }
    List<Store> stores = renumbered(nest, numbers::get).stores();
    return new LoopNest(nest.name(), nest.parallel(), nest.reduce(), kept, stores, nest.origin());
  }

  /** Equal expressions are one object by now. */
  private static boolean isSame(Reduction one, Reduction other) {
    return one.combiner() == other.combiner()
        && one.initial() == other.initial()
        && one.body() == other.body();
  }

  private static LoopNest renumbered(LoopNest nest, IntUnaryOperator number) {
    return Nests.rewrite(
        nest,
        expr ->
            expr instanceof Expr.Reduced reduced
                ? LoopNest.reduced(number.applyAsInt(reduced.reduction()), reduced.dtype())
                : expr);
  }
}
