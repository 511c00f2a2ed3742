package org.modelc.testkit.ptx;

import java.util.Map;
import org.modelc.testkit.gpu.Extent;

/** What lanes read of themselves. Source: PTX ISA, "Special Registers". */
final class SpecialRegisters {
  /** A special register's value for one lane. */
  private interface Value {
    long of(Block block, int thread);
  }

  private static final Map<String, Value> VALUES =
      Map.ofEntries(
          Map.entry("%tid.x", (block, thread) -> thread % block.threads().x()),
          Map.entry(
              "%tid.y", (block, thread) -> thread / block.threads().x() % block.threads().y()),
          Map.entry(
              "%tid.z", (block, thread) -> thread / (block.threads().x() * block.threads().y())),
          Map.entry("%ntid.x", (block, thread) -> block.threads().x()),
          Map.entry("%ntid.y", (block, thread) -> block.threads().y()),
          Map.entry("%ntid.z", (block, thread) -> block.threads().z()),
          Map.entry("%ctaid.x", (block, thread) -> block.index().x()),
          Map.entry("%ctaid.y", (block, thread) -> block.index().y()),
          Map.entry("%ctaid.z", (block, thread) -> block.index().z()),
          Map.entry("%nctaid.x", (block, thread) -> block.grid().x()),
          Map.entry("%nctaid.y", (block, thread) -> block.grid().y()),
          Map.entry("%nctaid.z", (block, thread) -> block.grid().z()),
          Map.entry("%laneid", (block, thread) -> thread % 32),
          Map.entry("%warpid", (block, thread) -> thread / 32),
          Map.entry("%lanemask_eq", (block, thread) -> 1L << thread % 32),
          Map.entry("%lanemask_lt", (block, thread) -> (1L << thread % 32) - 1),
          Map.entry("%lanemask_le", (block, thread) -> (2L << thread % 32) - 1),
          Map.entry("%lanemask_gt", (block, thread) -> ~((2L << thread % 32) - 1) & 0xffffffffL),
          Map.entry("%lanemask_ge", (block, thread) -> ~((1L << thread % 32) - 1) & 0xffffffffL),
          Map.entry("WARP_SZ", (block, thread) -> 32));

  private SpecialRegisters() {}

  static boolean isKnown(String name) {
    return VALUES.containsKey(name);
  }

  static long value(String name, Block block, int thread) {
    return VALUES.get(name).of(block, thread);
  }

  /** A thread's index from its number. */
  static Extent index(Extent extent, long number) {
    long x = number % extent.x();
    long rest = number / extent.x();
    return new Extent((int) x, (int) (rest % extent.y()), (int) (rest / extent.y()));
  }
}
