package org.modelc.codegen.llvm.schedule;

import java.util.EnumMap;
import java.util.Map;

/**
 * How a product runs: a value of each knob.
 *
 * @param values of all knobs
 */
public record ProductSchedule(Map<ProductKnob, Integer> values) {
  public ProductSchedule {
    if (values.size() != ProductKnob.values().length) {
      throw new IllegalArgumentException("knobs are missing: " + values);
    }
    values = java.util.Collections.unmodifiableMap(new EnumMap<>(values));
  }

  public int value(ProductKnob knob) {
    return values.get(knob);
  }

  /** This schedule with another value of a knob. */
  public ProductSchedule with(ProductKnob knob, int value) {
    Map<ProductKnob, Integer> others = new EnumMap<>(values);
    others.put(knob, value);
    return new ProductSchedule(others);
  }
}
