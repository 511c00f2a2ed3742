package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.LoopNest.Store;
import org.modelc.runtime.spec.DType;

/**
 * Leaves out nests that store what an earlier one has stored, perhaps with its dims in another
 * order: a convolution and the gradient of its kernel both pad the picture, which the latter wants
 * with channels first. Readers load from the earlier result. The last dim has to stay the last, so
 * that neighbours stay neighbours.
 */
final class ReuseCopies {
  private final Kernels kernels;
  private final InlineProducers inline;

  ReuseCopies(Kernels kernels, InlineProducers inline) {
    this.kernels = kernels;
    this.inline = inline;
  }

  void run() {
    Map<List<Object>, String> known = new HashMap<>();
    for (Kernel kernel : kernels.order()) {
      if (kernels.named(kernel.name()) instanceof LoopNest nest && isCopy(nest)) {
        List<Object> value = value(nest);
        String earlier = value == null ? null : known.putIfAbsent(value, nest.name());
        if (earlier != null) {
          reuse((LoopNest) kernels.named(earlier), nest);
        }
      }
    }
  }

  /** Whether a nest copies an element for each of its points to a temporary of its own. */
  private boolean isCopy(LoopNest nest) {
    if (!Nests.isElementwise(nest) || nest.stores().size() != 1) {
      return false;
    }
    Store store = nest.stores().get(0);
    Buffer buffer = store.buffer();
    return Nests.isAccess(store.value())
        && kernels.storage(buffer).equals(buffer)
        && !kernels.isOutput(buffer)
        && kernels.writers(buffer).size() == 1;
  }

  /**
   * What is stored, in terms of axes that are numbered as they occur in the value; null unless each
   * axis occurs, and is one dim of the result.
   */
  private static List<Object> value(LoopNest nest) {
    Store store = nest.stores().get(0);
    List<String> axes = axes(store);
    List<Integer> dims = dims(store, axes);
    if (axes.size() != nest.parallel().size() || dims == null) {
      return null;
    }
    Map<String, Expr> numbered = new HashMap<>();
    List<Object> value = new ArrayList<>();
    for (String axis : axes) {
      numbered.put(axis, new Expr.Var("axis" + numbered.size(), DType.I32));
      value.add(store.buffer().shape().get(dims.get(axes.indexOf(axis))));
    }
    value.add(store.buffer().dtype());
    value.add(ExprWalk.substitute(store.value(), numbered));
    value.add(dims.indexOf(store.buffer().rank() - 1));
    return value;
  }

  /** The axes of a value, in the order of their first occurrence. */
  private static List<String> axes(Store store) {
    Set<String> axes = new LinkedHashSet<>();
    ExprWalk.visit(
        store.value(),
        expr -> {
          if (expr instanceof Expr.Var axis) {
            axes.add(axis.name());
          }
        });
    return List.copyOf(axes);
  }

  /** The dim that each of the axes counts, all others being 0; null if that is not so. */
  private static List<Integer> dims(Store store, List<String> axes) {
    Integer[] dims = new Integer[axes.size()];
    int zeros = 0;
    for (int dim = 0; dim < store.index().size(); dim++) {
      Expr index = store.index().get(dim);
      if (index instanceof Expr.Var axis && axes.contains(axis.name())) {
        dims[axes.indexOf(axis.name())] = dim;
      } else if (index instanceof Expr.IntConst constant && constant.value() == 0) {
        zeros++;
      }
    }
    boolean each = !Arrays.asList(dims).contains(null);
    return each && axes.size() + zeros == store.index().size() ? List.of(dims) : null;
  }

  /** Readers of a nest's result load from an earlier one's, whose dims may be in another order. */
  private void reuse(LoopNest earlier, LoopNest nest) {
    Buffer copy = nest.stores().get(0).buffer();
    Map<Kernel, Kernel> replacements = new IdentityHashMap<>();
    for (Kernel kernel : kernels.readers(copy)) {
      boolean direct =
          kernel instanceof LoopNest reader
              && Accesses.loads(reader, copy, kernels).stream()
                  .allMatch(load -> load.buffer().equals(copy));
      if (!direct) {
        return;
      }
      replacements.put(
          kernel, reading(earlier.stores().get(0), nest.stores().get(0), (LoopNest) kernel));
    }
    if (inline.isUnwritten(nest, earlier, nest)) {
      kernels.replace(replacements);
      kernels.remove(nest);
    }
  }

  private static LoopNest reading(Store earlier, Store copy, LoopNest reader) {
    List<Integer> to = dims(earlier, axes(earlier));
    List<Integer> from = dims(copy, axes(copy));
    return Nests.shareEqual(
        Nests.rewrite(
            reader,
            expr -> {
              if (!(expr instanceof Expr.Load load) || !load.buffer().equals(copy.buffer())) {
                return expr;
              }
              List<Expr> index =
                  new ArrayList<>(Collections.nCopies(earlier.index().size(), Expr.integer(0)));
              for (int axis = 0; axis < to.size(); axis++) {
                index.set(to.get(axis), load.index().get(from.get(axis)));
              }
              return new Expr.Load(earlier.buffer(), index);
            }));
  }
}
