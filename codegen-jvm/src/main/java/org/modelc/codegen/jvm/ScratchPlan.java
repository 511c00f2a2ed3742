package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The arrays a worker needs for itself; kernels run one after another and share them. */
final class ScratchPlan {
  private static final String MATRIX = "matrix";

  private final Set<String> matrixRows = new TreeSet<>();
  private final Set<String> matrixColumns = new TreeSet<>();
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

  /** The place of the rows that all matrix products share, which have room for one of this size. */
  int takeMatrix(String rows, String columns) {
    matrixRows.add(rows);
    matrixColumns.add(columns);
    return take(MATRIX);
  }

  List<String> allocations() {
    String matrix = "new MatrixRows(" + largest(matrixRows) + ", " + largest(matrixColumns) + ")";
    return expressions.stream().map(e -> e.equals(MATRIX) ? matrix : e).toList();
  }

  private static String largest(Set<String> sizes) {
    String largest = "";
    for (String size : sizes) {
      largest = largest.isEmpty() ? size : "Math.max(" + largest + ", " + size + ")";
    }
    return largest;
  }
}
