package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.LoopNest.Store;

/**
 * Joins elementwise readers to the nest whose result they read at the same point: the epilogue of a
 * reduction, or one elementwise body with several results.
 */
final class MergeReaders {
  private final Kernels kernels;

  MergeReaders(Kernels kernels) {
    this.kernels = kernels;
  }

  /** Which readers are joined. */
  enum Readers {
    /** The only readers of what a reduction gives: what it gave is not stored any more. */
    ONLY,
    ALL
  }

  boolean run(Readers readers) {
    boolean changed = false;
    for (Kernel kernel : kernels.order()) {
      boolean merged = kernel instanceof LoopNest nest && isWanted(nest, readers);
      while (merged) {
        // A merged nest keeps its producer's name.
        Kernel current = kernels.named(kernel.name());
        merged = current instanceof LoopNest producer && mergeOneReader(producer, readers);
        changed |= merged;
      }
    }
    return changed;
  }

  private static boolean isWanted(LoopNest nest, Readers readers) {
    return readers == Readers.ALL || !nest.reductions().isEmpty();
  }

  private boolean mergeOneReader(LoopNest producer, Readers wanted) {
    for (Store store : producer.stores()) {
      List<Kernel> readers = kernels.readers(kernels.storage(store.buffer()));
      if (wanted == Readers.ONLY && readers.size() != 1) {
        continue;
      }
      for (Kernel reader : readers) {
        if (reader != producer && reader instanceof LoopNest nest && merge(producer, nest)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean merge(LoopNest producer, LoopNest reader) {
    if (!Nests.isElementwise(reader) || kernels.index(producer) > kernels.index(reader)) {
      return false;
    }
    LoopNest renamed = renamed(producer, reader);
    if (renamed == null || kernels.isIndirectlyBefore(producer, reader)) {
      return false;
    }
    LoopNest merged = joined(producer, renamed);
    if (merged == null || NestCost.size(Nests.expressions(merged)) > InlineProducers.LARGEST_NEST) {
      return false;
    }
    kernels.merge(producer, reader, merged);
    return true;
  }

  /**
   * The reader over the producer's axes, matched by what the producer stores and the reader loads.
   */
  private LoopNest renamed(LoopNest producer, LoopNest reader) {
    if (producer.parallel().size() != reader.parallel().size()) {
      return null;
    }
    for (Store store : producer.stores()) {
      Buffer storage = kernels.storage(store.buffer());
      for (Expr.Load load : Accesses.loads(reader, storage, kernels)) {
        Map<String, Expr> names = match(producer, store, reader, load);
        if (names != null) {
          return Nests.substitute(reader, producer.parallel(), List.of(), names);
        }
      }
    }
    return null;
  }

  private static Map<String, Expr> match(
      LoopNest producer, Store store, LoopNest reader, Expr.Load load) {
    if (!load.buffer().equals(store.buffer())) {
      return null;
    }
    Map<String, Expr> names = new HashMap<>();
    for (int i = 0; i < store.index().size(); i++) {
      if (load.index().get(i) instanceof Expr.Var from
          && store.index().get(i) instanceof Expr.Var to) {
        names.put(from.name(), to);
      } else if (!isZero(load.index().get(i)) || !isZero(store.index().get(i))) {
        return null;
      }
    }
    boolean all = names.size() == reader.parallel().size();
    return all
            && names.values().stream().distinct().count() == names.size()
            && extentsAgree(producer, reader, names)
        ? names
        : null;
  }

  private static boolean isZero(Expr expr) {
    return expr instanceof Expr.IntConst constant && constant.value() == 0;
  }

  private static boolean extentsAgree(LoopNest producer, LoopNest reader, Map<String, Expr> names) {
    for (Axis axis : reader.parallel()) {
      Expr.Var to = (Expr.Var) names.get(axis.name());
      boolean same =
          producer.parallel().stream()
              .anyMatch(p -> p.name().equals(to.name()) && p.extent().equals(axis.extent()));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** One nest with the stores of both; null if the reader loads what it reads at another point. */
  private LoopNest joined(LoopNest producer, LoopNest reader) {
    LoopNest direct =
        Nests.rewrite(reader, expr -> ExprSimplifier.simplify(stored(producer, expr)));
    List<Store> stores = new ArrayList<>();
    for (Store store : producer.stores()) {
      Buffer storage = kernels.storage(store.buffer());
      if (!Accesses.loads(direct, storage, kernels).isEmpty()) {
        return null;
      }
      boolean read = kernels.readers(storage).stream().anyMatch(kernel -> !isNamed(kernel, reader));
      if (read || kernels.isOutput(storage)) {
        stores.add(store);
      }
    }
    stores.addAll(direct.stores());
    LoopNest both =
        new LoopNest(
            producer.name(),
            producer.parallel(),
            producer.reduce(),
            producer.reductions(),
            stores,
            producer.origin());
    return Origins.join(Nests.shareEqual(both), reader);
  }

  private static boolean isNamed(Kernel kernel, Kernel other) {
    return kernel.name().equals(other.name());
  }

  /** The value stored where the expression loads it. */
  private static Expr stored(LoopNest producer, Expr expr) {
    if (expr instanceof Expr.Load load) {
      for (Store store : producer.stores()) {
        if (store.buffer().equals(load.buffer()) && store.index().equals(load.index())) {
          return store.loaded();
        }
      }
    }
    return expr;
  }
}
