package org.modelc.ir.op;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.modelc.runtime.spec.Dim;

/** Replaces the dims inside attribute records. */
public final class AttributeDims {
  private AttributeDims() {}

  /** The attributes with symbols replaced; symbols without an entry stay. */
  public static <A extends Record> A substitute(A attributes, Map<String, Dim> values) {
    return map(attributes, dim -> dim.substitute(values));
  }

  /** The attributes with each dim replaced. */
  @SuppressWarnings("unchecked")
  public static <A extends Record> A map(A attributes, UnaryOperator<Dim> change) {
    List<Object> before = RecordShape.values(attributes);
    List<Object> after = before.stream().map(value -> map(value, change)).toList();
    return before.equals(after)
        ? attributes
        : (A) RecordShape.of(attributes.getClass()).make(after.toArray());
  }

  private static Object map(Object value, UnaryOperator<Dim> change) {
    if (value instanceof Dim dim) {
      return change.apply(dim);
    }
    return value instanceof List<?> list
        ? list.stream().map(item -> map(item, change)).toList()
        : value;
  }
}
