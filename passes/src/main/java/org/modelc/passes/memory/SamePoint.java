package org.modelc.passes.memory;

import java.util.List;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * Whether a kernel may write one buffer over another that it reads: each element written depends,
 * of the other buffer, on the element at the same place alone, and no reduction reads it.
 */
final class SamePoint {
  private SamePoint() {}

  /** Whether {@code written} may take the memory of {@code read} in this kernel. */
  static boolean holds(KernelProgram program, Kernel kernel, Buffer read, Buffer written) {
    boolean reads = kernel.reads().stream().anyMatch(b -> program.storage(b).equals(read));
    if (!(kernel instanceof LoopNest nest)) {
      return !reads;
    }
    AffineIndex place = null;
    for (LoopNest.Store store : nest.stores()) {
      if (program.storage(store.buffer()).equals(written)) {
        AffineIndex flat = flat(store.buffer(), store.index());
        if (flat == null || (place != null && !place.equals(flat))) {
          return false;
        }
        place = flat;
      }
    }
    return place != null && (!reads || readsOnly(program, nest, read, place));
  }

  private static boolean readsOnly(
      KernelProgram program, LoopNest nest, Buffer read, AffineIndex place) {
    boolean[] same = {true};
    for (LoopNest.Reduction reduction : nest.reductions()) {
      same[0] &= !loads(program, reduction.body(), read);
      same[0] &= !loads(program, reduction.initial(), read);
    }
    for (LoopNest.Store store : nest.stores()) {
      ExprWalk.visit(
          store.value(),
          expr -> {
            if (expr instanceof Expr.Load load && program.storage(load.buffer()).equals(read)) {
              same[0] &= place.equals(flat(load.buffer(), load.index()));
            }
          });
    }
    return same[0];
  }

  private static boolean loads(KernelProgram program, Expr root, Buffer read) {
    boolean[] found = {false};
    ExprWalk.visit(
        root,
        expr ->
            found[0] |=
                expr instanceof Expr.Load load && program.storage(load.buffer()).equals(read));
    return found[0];
  }

  /** The row-major position of an element; null if it is not affine. */
  private static AffineIndex flat(Buffer buffer, List<Expr> index) {
    AffineIndex sum = new AffineIndex(java.util.Map.of(), Dim.ZERO);
    Dim stride = Dim.ONE;
    for (int i = index.size() - 1; i >= 0; i--) {
      AffineIndex part = AffineIndex.of(index.get(i));
      if (part == null) {
        return null;
      }
      sum = sum.plus(part.times(stride));
      stride = stride.times(buffer.shape().get(i));
    }
    return sum;
  }
}
