package org.modelc.runtime;

import java.util.List;
import org.modelc.runtime.spec.Dim;

/**
 * A dim prepared for evaluation without allocation: coefficients and the positions of its symbols.
 */
final class DimFormula {
  private final long[] coefficients;
  private final int[][] factors;

  private DimFormula(long[] coefficients, int[][] factors) {
    this.coefficients = coefficients;
    this.factors = factors;
  }

  /**
   * Prepares a dim.
   *
   * @param names the dynamic dims, in the order of the values given later
   */
  static DimFormula of(Dim dim, List<String> names) {
    List<Dim.Monomial> terms = dim.monomials();
    int count = terms.size();
    long[] coefficients = new long[count];
    int[][] factors = new int[count][];
    for (int at = 0; at < count; at++) {
      coefficients[at] = dim.coefficient(terms.get(at));
      List<String> symbols = terms.get(at).symbols();
      factors[at] = new int[symbols.size()];
      for (int i = 0; i < symbols.size(); i++) {
        factors[at][i] = names.indexOf(symbols.get(i));
        if (factors[at][i] < 0) {
          throw new IllegalArgumentException(
              "dim " + dim + " needs " + symbols.get(i) + ", got " + names);
        }
      }
    }
    return new DimFormula(coefficients, factors);
  }

  /** The value; throws ArithmeticException beyond a long. */
  long evaluate(int[] values) {
    long sum = 0;
    for (int term = 0; term < coefficients.length; term++) {
      long product = coefficients[term];
      int[] symbols = factors[term];
      for (int i = 0; i < symbols.length; i++) {
        product = Math.multiplyExact(product, (long) values[symbols[i]]);
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  /**
   * The position of the one symbol without a value (below 0), if the dim is a single term that
   * holds it once; else -1.
   */
  int solvable(int[] values) {
    if (factors.length != 1) {
      return -1;
    }
    int open = -1;
    for (int symbol : factors[0]) {
      if (values[symbol] < 0) {
        if (open >= 0) {
          return -1;
        }
        open = symbol;
      }
    }
    return open;
  }

  /** The product of everything but the unknown symbol. */
  long coefficientOf(int unknown, int[] values) {
    long product = coefficients[0];
    for (int symbol : factors[0]) {
      if (symbol != unknown) {
        product = Math.multiplyExact(product, (long) values[symbol]);
      }
    }
    return product;
  }

  /** Whether every symbol has a value. */
  boolean known(int[] values) {
    for (int[] symbols : factors) {
      for (int symbol : symbols) {
        if (values[symbol] < 0) {
          return false;
        }
      }
    }
    return true;
  }
}
