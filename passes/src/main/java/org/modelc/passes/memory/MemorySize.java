package org.modelc.passes.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.runtime.spec.Dim;

/** Sizes for the reader: {@code 12,288·B + 4·B·T² bytes}. */
public final class MemorySize {
  private static final String[] POWERS = {"", "", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

  private MemorySize() {}

  /** A number of bytes as text. */
  public static String text(Dim bytes) {
    List<String> terms = new ArrayList<>();
    for (Map.Entry<Dim.Monomial, Long> term : bytes.terms().entrySet()) {
      terms.add(String.format(Locale.ROOT, "%,d", term.getValue()) + symbols(term.getKey()));
    }
    return (terms.isEmpty() ? "0" : String.join(" + ", terms)) + " bytes";
  }

  private static String symbols(Dim.Monomial monomial) {
    Map<String, Integer> powers = new LinkedHashMap<>();
    monomial.symbols().forEach(symbol -> powers.merge(symbol, 1, Integer::sum));
    StringBuilder text = new StringBuilder();
    powers.forEach((symbol, power) -> text.append('·').append(symbol).append(POWERS[power]));
    return text.toString();
  }
}
