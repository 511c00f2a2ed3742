package org.modelc.ir.op;

import java.util.Arrays;

/**
 * Constant data in a graph: elements as doubles (exact for all types but large i64), row-major. A
 * single element stands for all.
 */
public record Literal(double[] elements) {
  public static Literal of(double... elements) {
    return new Literal(elements);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Literal literal && Arrays.equals(elements, literal.elements);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(elements);
  }

  @Override
  public String toString() {
    return Arrays.toString(elements);
  }
}
