package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.modelc.runtime.spec.Dim;

/** Dims as C++ expressions of int: element counts are below 2³¹. */
final class DimText {
  private DimText() {}

  /**
   * Prints a dim; sums and products stand in parentheses.
   *
   * @param symbol gives the C++ name of a dynamic dim
   */
  static String print(Dim dim, UnaryOperator<String> symbol) {
    if (dim.isStatic()) {
      return dim.value() < 0 ? "(" + dim.value() + ")" : String.valueOf(dim.value());
    }
    List<String> terms = new ArrayList<>();
    for (Map.Entry<Dim.Monomial, Long> term : dim.terms().entrySet()) {
      terms.add(product(term.getKey(), term.getValue(), symbol));
    }
    String sum = String.join(" + ", terms);
    return sum.contains(" ") ? "(" + sum + ")" : sum;
  }

  private static String product(
      Dim.Monomial monomial, long coefficient, UnaryOperator<String> symbol) {
    List<String> factors = new ArrayList<>();
    if (coefficient != 1 || monomial.symbols().isEmpty()) {
      factors.add(coefficient < 0 ? "(" + coefficient + ")" : String.valueOf(coefficient));
    }
    monomial.symbols().forEach(name -> factors.add(symbol.apply(name)));
    return String.join(" * ", factors);
  }
}
