package org.modelc.passes;

/** What holds of a program once a pass has run; passes name what they need and what they give. */
public enum Stage {
  /** Composite ops are left only where the target claims them. */
  COMPOSITES_EXPANDED,
  /** No two pure nodes are equal. */
  MERGED,
  /** Every node is needed for an output. */
  LIVE,
  /** What depends on parameters alone is computed in a prepare program. */
  PREPARED,
  /** The program consists of kernels. */
  LOWERED,
  /** Kernels are joined as far as the rules of fusion allow. */
  FUSED,
  /** Every temporary has its slot. */
  PLANNED
}
