package org.modelc.codegen.jvm;

import com.palantir.javapoet.MethodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;

/**
 * Methods that add a few rows of a matrix, each times a factor, to a row of sums, and leave the
 * sums as many rows further on. The columns are literals: distances between elements must be
 * literals for vector instructions, so each number of columns has methods of its own.
 */
final class RowSteps {
  /** Rows of a step; more would pass the size up to which HotSpot unrolls a loop. */
  static final int ROWS = 8;

  private final Map<String, MethodSpec> methods = new TreeMap<>();

  static String name(int rows, long columns) {
    return "rows" + rows + "of" + columns;
  }

  /** Has the methods printed that a product of so many columns calls. */
  void need(long columns) {
    add(ROWS, columns);
    add(1, columns);
  }

  List<MethodSpec> methods() {
    return new ArrayList<>(methods.values());
  }

  private void add(int rows, long columns) {
    String name = name(rows, columns);
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE, Modifier.STATIC);
    String chain = "sums[j]";
    for (int i = 0; i < rows; i++) {
      method.addParameter(float.class, "x" + i);
      String element = i == 0 ? "matrix[j]" : "matrix[j + " + i * columns + "]";
      chain = "Math.fma(x" + i + ", " + element + ", " + chain + ")";
    }
    method
        .addParameter(float[].class, "matrix")
        .addParameter(float[].class, "sums")
        .addParameter(int.class, "from");
    method.beginControlFlow("for (int j = from; j < from + $L; j++)", columns);
    method.addStatement("sums[j + $L] = $L", rows * columns, chain);
    methods.put(name, method.endControlFlow().build());
  }
}
