package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.modelc.runtime.spec.Dim;

/** Dims as Java expressions. */
final class DimText {
  private DimText() {}

  /**
   * Prints a dim; sums stand in parentheses.
   *
   * @param symbol gives the Java name of a dynamic dim
   * @param suffix {@code "L"} to compute in long
   */
  static String print(Dim dim, UnaryOperator<String> symbol, String suffix) {
    if (dim.isStatic()) {
      return dim.value() < 0 ? "(" + dim.value() + suffix + ")" : dim.value() + suffix;
    }
    List<String> terms = new ArrayList<>();
    for (Map.Entry<Dim.Monomial, Long> term : dim.terms().entrySet()) {
      terms.add(product(term.getKey(), term.getValue(), symbol, suffix));
    }
    String sum = String.join(" + ", terms);
    return terms.size() == 1 && !sum.contains(" ") ? sum : "(" + sum + ")";
  }

  private static String product(
      Dim.Monomial monomial, long coefficient, UnaryOperator<String> symbol, String suffix) {
    List<String> factors = new ArrayList<>();
    if (coefficient != 1 || monomial.symbols().isEmpty() || !suffix.isEmpty()) {
      factors.add(coefficient < 0 ? "(" + coefficient + suffix + ")" : coefficient + suffix);
    }
    monomial.symbols().forEach(name -> factors.add(symbol.apply(name)));
    return String.join(" * ", factors);
  }
}
