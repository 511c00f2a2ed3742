package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arrays a worker needs for itself; kernels run one after another and share them. */
final class ScratchPlan {
  private final List<String> expressions = new ArrayList<>();
  private final Map<String, Integer> indexOf = new HashMap<>();
  private final Map<String, Integer> taken = new HashMap<>();

  /** Starts another kernel: all arrays are free again. */
  void nextKernel() {
    taken.clear();
  }

  /**
   * The place of an array that no other use in this kernel has.
   *
   * @param allocation the Java expression that makes it, over the program's dims by name
   */
  int take(String allocation) {
    int ordinal = taken.merge(allocation, 1, Integer::sum);
    return indexOf.computeIfAbsent(
        ordinal + ":" + allocation,
        key -> {
          expressions.add(allocation);
          return expressions.size() - 1;
        });
  }

  List<String> allocations() {
    return expressions;
  }
}
