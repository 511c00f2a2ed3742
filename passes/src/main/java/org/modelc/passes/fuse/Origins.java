package org.modelc.passes.fuse;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.kernel.LoopNest;

/** Joins the source places of nests that become one. */
final class Origins {
  private Origins() {}

  static LoopNest join(LoopNest nest, LoopNest other) {
    Set<SourceSpan> origin = new LinkedHashSet<>(other.origin());
    origin.addAll(nest.origin());
    return new LoopNest(
        nest.name(),
        nest.parallel(),
        nest.reduce(),
        nest.reductions(),
        nest.stores(),
        List.copyOf(origin));
  }
}
