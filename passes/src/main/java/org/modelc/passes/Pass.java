package org.modelc.passes;

import java.util.Set;

/** One step of the pipeline. A pass has no state: program in, new program out. */
public interface Pass {
  /** The name in reports and on the command line: {@code fold-batch-norm}. */
  String name();

  /** What must hold before. */
  default Set<Stage> requires() {
    return Set.of();
  }

  /** What holds after. */
  default Set<Stage> establishes() {
    return Set.of();
  }
}
