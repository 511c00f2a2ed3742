package org.modelc.codegen.llvm.emit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.modelc.runtime.spec.Dim;

/** Computes dims as i64, each once, where the writer stands when it is first asked for. */
final class DimWriter {
  private final FunctionWriter writer;
  private final Function<String, Operand> symbols;
  private final Map<Dim, Operand> known = new HashMap<>();

  /**
   * @param symbols the value of a dynamic dim
   */
  DimWriter(FunctionWriter writer, Function<String, Operand> symbols) {
    this.writer = writer;
    this.symbols = symbols;
  }

  Operand value(Dim dim) {
    if (dim.isStatic()) {
      return Operand.i64(dim.value());
    }
    Operand value = known.get(dim);
    if (value == null) {
      value = compute(dim);
      known.put(dim, value);
    }
    return value;
  }

  private Operand compute(Dim dim) {
    Operand sum = Operand.i64(0);
    for (Map.Entry<Dim.Monomial, Long> term : dim.terms().entrySet()) {
      Operand product = Operand.i64(term.getValue());
      for (String symbol : term.getKey().symbols()) {
        product = writer.multiply(product, symbols.apply(symbol));
      }
      sum = writer.add(sum, product);
    }
    return sum;
  }
}
