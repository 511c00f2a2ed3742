package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Methods that add a few rows of a matrix, each times a factor, to a row of sums, and leave the
 * sums as many rows further on. The columns are literals: distances between elements must be
 * literals for vector instructions, so each number of columns has methods of its own.
 */
final class RowSteps {
  /** Rows of a step; more would pass the size up to which HotSpot unrolls a loop. */
  static final int ROWS = 8;

  private final Map<String, String> methods = new TreeMap<>();

  static String name(int rows, long columns) {
    return "rows" + rows + "of" + columns;
  }

  /** Has the methods printed that a product of so many columns calls. */
  void need(long columns) {
    add(ROWS, columns);
    add(1, columns);
  }

  List<String> methods() {
    return new ArrayList<>(methods.values());
  }

  private void add(int rows, long columns) {
    String name = name(rows, columns);
    SourceText method = new SourceText();
    List<String> parameters = new ArrayList<>();
    String chain = "sums[j]";
    for (int i = 0; i < rows; i++) {
      parameters.add("float x" + i);
      String element = i == 0 ? "matrix[j]" : "matrix[j + " + i * columns + "]";
      chain = "Math.fma(x" + i + ", " + element + ", " + chain + ")";
    }
    parameters.addAll(List.of("float[] matrix", "float[] sums", "int from"));
    method.open("private static void " + name + "(" + String.join(", ", parameters) + ")");
    method.open("for (int j = from; j < from + " + columns + "; j++)");
    method.line("sums[j + " + rows * columns + "] = " + chain + ";").close();
    methods.put(name, method.close().toString());
  }
}
