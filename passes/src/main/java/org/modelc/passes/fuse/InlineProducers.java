package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;

/**
 * Replaces loads of elementwise results by the values themselves; see the package's page for when.
 */
final class InlineProducers {
  /** Up to this cost a value may be computed by several readers. */
  private static final int CHEAP = 8;

  /** Up to this cost a value may be computed more often than it has elements. */
  private static final int NEARLY_FREE = 2;

  /** Methods stay well below the size at which HotSpot stops to compile them. */
  static final int LARGEST_NEST = 220;

  private final Kernels kernels;

  InlineProducers(Kernels kernels) {
    this.kernels = kernels;
  }

  /** What is inlined. */
  enum Values {
    /** Constants and elements from elsewhere: broadcasts, transposes, slices. */
    MOVED,
    ALL
  }

  /** Tries every nest in order; producers of producers come first. */
  boolean run(Values values) {
    boolean changed = false;
    for (Kernel kernel : kernels.order()) {
      // Replaced kernels keep their names.
      Kernel current = kernels.named(kernel.name());
      if (current instanceof LoopNest nest && isCandidate(nest) && isWanted(nest, values)) {
        changed |= inline(nest);
      }
    }
    return changed;
  }

  private static boolean isWanted(LoopNest nest, Values values) {
    LoopNest.Store store = nest.stores().get(0);
    Expr value = store.value();
    // What is chosen by a value, as the gradient of relu is, is computed and not moved.
    return values == Values.ALL
        || value.children().isEmpty()
        || (Nests.isAccess(value) && fullLoads(value, store.buffer()) <= 1);
  }

  private boolean isCandidate(LoopNest nest) {
    if (!Nests.isElementwise(nest) || nest.stores().size() != 1) {
      return false;
    }
    LoopNest.Store store = nest.stores().get(0);
    Buffer storage = kernels.storage(store.buffer());
    return store.buffer().equals(storage)
        && !kernels.isOutput(storage)
        && kernels.writers(storage).size() == 1
        && !kernels.reads(nest).contains(storage)
        && bindings(nest, store) != null;
  }

  /** For each axis of the nest its position in the store's index; null if the index is not axes. */
  static Map<String, Integer> bindings(LoopNest nest, LoopNest.Store store) {
    List<Expr> index = store.index();
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < index.size(); i++) {
      if (index.get(i) instanceof Expr.Var variable) {
        if (positions.put(variable.name(), i) != null) {
          return null;
        }
      } else if (!(index.get(i) instanceof Expr.IntConst zero && zero.value() == 0)) {
        return null;
      }
    }
    return positions.size() == nest.parallel().size() && fills(nest, store) ? positions : null;
  }

  /** Whether the store reaches every element. */
  private static boolean fills(LoopNest nest, LoopNest.Store store) {
    return store
        .buffer()
        .size()
        .equals(
            org.modelc.runtime.spec.Dim.product(
                nest.parallel().stream().map(org.modelc.ir.kernel.Axis::extent).toList()));
  }

  private boolean inline(LoopNest producer) {
    Buffer buffer = producer.stores().get(0).buffer();
    List<Kernel> readers = kernels.readers(buffer);
    if (readers.isEmpty() || !isWorthwhile(producer, buffer, readers)) {
      return false;
    }
    Map<Kernel, Kernel> replacements = replacements(producer, buffer, readers);
    if (replacements.isEmpty()) {
      return false;
    }
    kernels.replace(replacements);
    kernels.remove(producer);
    return true;
  }

  /**
   * The readers of a buffer with the value computed where it is loaded; none if one of them cannot
   * have it.
   *
   * @param producer an elementwise nest with one store
   */
  Map<Kernel, Kernel> replacements(LoopNest producer, Buffer buffer, List<Kernel> readers) {
    Map<Kernel, Kernel> replacements = new IdentityHashMap<>();
    for (Kernel reader : readers) {
      LoopNest fused = inlined(producer, buffer, (LoopNest) reader);
      boolean breaks = Nests.isContraction((LoopNest) reader) && !staysContraction(fused);
      if (breaks
          || kernels.reads(fused).contains(buffer)
          || NestCost.size(Nests.expressions(fused)) > LARGEST_NEST) {
        return new IdentityHashMap<>();
      }
      replacements.put(reader, fused);
    }
    return replacements;
  }

  /**
   * Templates take factors without guards: padding stays a pass of its own before them. A
   * contraction with a constant factor becomes a plain sum, which no template is missed for.
   */
  private static boolean staysContraction(LoopNest nest) {
    Expr body = nest.reductions().get(0).body();
    return Nests.isAccess(body)
        || (Nests.isContraction(nest) && body.children().stream().allMatch(Nests::isPlainLoad));
  }

  private boolean isWorthwhile(LoopNest producer, Buffer buffer, List<Kernel> readers) {
    Expr value = producer.stores().get(0).value();
    int cost = NestCost.of(value);
    int loads = 0;
    double evaluations = 0;
    for (Kernel reader : readers) {
      if (!(reader instanceof LoopNest nest) || !isUnwritten(producer, producer, reader)) {
        return false;
      }
      loads += Accesses.loads(nest, buffer, kernels).size();
      evaluations = Math.max(evaluations, Accesses.evaluations(nest, buffer, kernels));
    }
    boolean repeated = evaluations > NestCost.elements(buffer);
    int read = fullLoads(value, buffer);
    if (read <= 1 && cost <= NEARLY_FREE) {
      return true;
    }
    if (repeated) {
      return false;
    }
    if (readers.size() == 1 && loads == 1) {
      return true;
    }
    if (readers.size() == 1) {
      return cost <= CHEAP || sameIndex(readers.get(0), buffer);
    }
    // Each reader loads the producer's operands instead of one result that was written before.
    boolean lessTraffic = readers.size() * read <= read + 1 + readers.size();
    return cost <= CHEAP && lessTraffic;
  }

  /** Whether all loads of the buffer are of one element, so that the value is computed once. */
  boolean sameIndex(Kernel reader, Buffer buffer) {
    return Accesses.loads((LoopNest) reader, buffer, kernels).stream()
            .map(Expr.Load::index)
            .distinct()
            .count()
        == 1;
  }

  /** How many arrays of about the result's size the value reads. */
  static int fullLoads(Expr value, Buffer result) {
    List<Expr.Load> loads = new ArrayList<>();
    ExprWalk.visit(
        value,
        expr -> {
          if (expr instanceof Expr.Load load
              && NestCost.elements(load.buffer()) * 4 >= NestCost.elements(result)) {
            loads.add(load);
          }
        });
    return loads.size();
  }

  /** Whether nothing the producer reads is written between a kernel and a reader. */
  boolean isUnwritten(LoopNest producer, Kernel since, Kernel reader) {
    for (Buffer read : kernels.reads(producer)) {
      for (Kernel writer : kernels.writers(read)) {
        int at = kernels.index(writer);
        if (at > kernels.index(since) && at <= kernels.index(reader)) {
          return false;
        }
      }
    }
    return true;
  }

  private LoopNest inlined(LoopNest producer, Buffer buffer, LoopNest reader) {
    LoopNest.Store store = producer.stores().get(0);
    Map<String, Integer> positions = bindings(producer, store);
    Reindex reindex = new Reindex(Nests.axes(reader));
    Map<List<Expr>, Expr> values = new HashMap<>();
    LoopNest fused =
        Nests.rewrite(
            reader,
            expr -> {
              if (expr instanceof Expr.Load load && kernels.storage(load.buffer()).equals(buffer)) {
                List<Expr> index =
                    reindex.apply(load.buffer().shape(), load.index(), buffer.shape());
                return index == null
                    ? expr
                    : values.computeIfAbsent(index, key -> value(store.loaded(), positions, key));
              }
              return ExprSimplifier.simplify(expr);
            });
    LoopNest shared = Nests.shareEqual(fused);
    return Origins.join(shared, producer);
  }

  private static Expr value(Expr value, Map<String, Integer> positions, List<Expr> index) {
    Map<String, Expr> variables = new HashMap<>();
    positions.forEach((axis, position) -> variables.put(axis, index.get(position)));
    return ExprWalk.rewrite(
        value,
        expr ->
            expr instanceof Expr.Var variable
                ? variables.getOrDefault(variable.name(), variable)
                : ExprSimplifier.simplify(expr));
  }
}
