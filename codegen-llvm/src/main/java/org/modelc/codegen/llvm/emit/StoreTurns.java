package org.modelc.codegen.llvm.emit;

import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/** Stores to every second element that have a partner which stores to the elements between. */
final class StoreTurns {
  private StoreTurns() {}

  /**
   * The store whose elements lie next to those of another along an axis.
   *
   * @return null if there is none, or the other does not take every second element
   */
  static LoopNest.Store partner(LoopNest nest, LoopNest.Store store, String axis) {
    for (LoopNest.Store other : nest.stores()) {
      if (isAfter(store, other, axis, 1) || isAfter(store, other, axis, -1)) {
        return other;
      }
    }
    return null;
  }

  /** The store to the elements that follow those of another one, or null. */
  static LoopNest.Store following(LoopNest nest, LoopNest.Store store, String axis) {
    for (LoopNest.Store other : nest.stores()) {
      if (isAfter(store, other, axis, 1)) {
        return other;
      }
    }
    return null;
  }

  private static boolean isAfter(
      LoopNest.Store first, LoopNest.Store second, String axis, int distance) {
    if (!first.buffer().equals(second.buffer())) {
      return false;
    }
    AffineIndex one = AffineIndex.flat(first.buffer(), first.index());
    AffineIndex other = AffineIndex.flat(second.buffer(), second.index());
    return one != null
        && other != null
        && one.coefficient(axis).is(2)
        && one.plus(new AffineIndex(java.util.Map.of(), Dim.constant(distance))).equals(other);
  }
}
