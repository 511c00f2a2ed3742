package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.LoopNest.Store;

/**
 * Leaves out stores of values that follow from another value which the same nest stores, where all
 * readers have that one at hand: computing takes less time than memory. A backward pass reads
 * {@code 1 + erf(x)} beside {@code x}, for example.
 */
final class RecomputeStores {
  /** Additions that take about as long as writing an element to memory and reading it again. */
  private static final int MEMORY_COST = 30;

  private final Kernels kernels;
  private final InlineProducers inline;

  RecomputeStores(Kernels kernels, InlineProducers inline) {
    this.kernels = kernels;
    this.inline = inline;
  }

  void run() {
    for (Kernel kernel : kernels.order()) {
      boolean left = true;
      while (left) {
        left = kernels.named(kernel.name()) instanceof LoopNest nest && leaveOutOne(nest);
      }
    }
  }

  private boolean leaveOutOne(LoopNest nest) {
    for (Store store : nest.stores()) {
      for (Store source : nest.stores()) {
        if (source != store && mayFollow(nest, store, source) && leaveOut(nest, store, source)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean mayFollow(LoopNest nest, Store store, Store source) {
    return isTemporary(store.buffer())
        && kernels.storage(source.buffer()).equals(source.buffer())
        && source.value().dtype() == source.buffer().dtype()
        && store.value().dtype() == store.buffer().dtype()
        && store.index().equals(source.index())
        && InlineProducers.bindings(nest, store) != null;
  }

  private boolean isTemporary(Buffer buffer) {
    return kernels.storage(buffer).equals(buffer)
        && !kernels.isOutput(buffer)
        && kernels.writers(buffer).size() == 1;
  }

  private boolean leaveOut(LoopNest nest, Store store, Store source) {
    Expr.Load load = new Expr.Load(source.buffer(), source.index());
    Expr value = ExprWalk.rewrite(store.value(), expr -> expr == source.value() ? load : expr);
    List<Kernel> readers = kernels.readers(store.buffer());
    if (readers.isEmpty()
        || !isOfAxes(value, nest)
        || InlineProducers.fullLoads(value, store.buffer()) != 1
        || NestCost.of(value) * readers.size() > MEMORY_COST) {
      return false;
    }
    Store only = new Store(store.buffer(), store.index(), value);
    LoopNest producer =
        new LoopNest(
            nest.name(), nest.parallel(), List.of(), List.of(), List.of(only), nest.origin());
    for (Kernel reader : readers) {
      if (reader == nest
          || !(reader instanceof LoopNest other)
          || !hasAtHand(other, store.buffer(), source.buffer())
          || !inline.isUnwritten(producer, nest, reader)) {
        return false;
      }
    }
    Map<Kernel, Kernel> replacements = inline.replacements(producer, store.buffer(), readers);
    if (replacements.isEmpty()) {
      return false;
    }
    replacements.put(nest, without(nest, store));
    kernels.replace(replacements);
    return true;
  }

  /** Whether a value depends on nothing but memory and the nest's place. */
  private static boolean isOfAxes(Expr value, LoopNest nest) {
    Set<String> axes = new HashSet<>();
    nest.parallel().stream().map(Axis::name).forEach(axes::add);
    boolean[] sums = {false};
    ExprWalk.visit(value, expr -> sums[0] |= expr instanceof Expr.Reduced);
    return !sums[0] && axes.containsAll(ExprWalk.variables(value));
  }

  /** Whether a reader loads the source wherever it loads the result, and each once. */
  private boolean hasAtHand(LoopNest reader, Buffer result, Buffer source) {
    List<List<Expr>> places =
        Accesses.loads(reader, source, kernels).stream().map(Expr.Load::index).toList();
    return Accesses.evaluations(reader, result, kernels) <= NestCost.elements(result)
        && inline.sameIndex(reader, result)
        && Accesses.loads(reader, result, kernels).stream()
            .allMatch(load -> places.contains(load.index()));
  }

  private static LoopNest without(LoopNest nest, Store store) {
    List<Store> stores = new ArrayList<>(nest.stores());
    stores.remove(store);
    return new LoopNest(
        nest.name(), nest.parallel(), nest.reduce(), nest.reductions(), stores, nest.origin());
  }
}
