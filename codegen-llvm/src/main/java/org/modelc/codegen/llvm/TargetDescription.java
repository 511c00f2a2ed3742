package org.modelc.codegen.llvm;

/**
 * The machine that code is made for. Whatever an emitter decides it reads here, never from the
 * host: the same input gives the same bits on every build machine.
 *
 * @param triple LLVM's target triple
 * @param level the instruction set
 * @param firstCacheBytes the size of a core's first data cache
 * @param secondCacheBytes the size of a core's second cache
 */
public record TargetDescription(
    String triple, IsaLevel level, int firstCacheBytes, int secondCacheBytes) {
  /** A Linux machine of a level, with caches as most have them. */
  public static TargetDescription linux(IsaLevel level) {
    String architecture = level == IsaLevel.NEON ? "aarch64" : "x86_64";
    return new TargetDescription(architecture + "-unknown-linux-gnu", level, 32 << 10, 1 << 20);
  }

  /** Elements of f32 in a vector register. */
  public int lanes() {
    return level.lanes();
  }
}
