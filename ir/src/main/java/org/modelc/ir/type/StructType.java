package org.modelc.ir.type;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A value made of named values: a sparse matrix is {@code csr{row: i32[N+1], column: i32[E], value:
 * f32[E]}}.
 *
 * @param name what the struct stands for
 * @param fields its parts in order
 */
public record StructType(String name, List<Field> fields) implements ValueType {
  public StructType {
    fields = List.copyOf(fields);
  }

  /** One part of a struct. */
  public record Field(String name, ValueType type) {}

  @Override
  public String toString() {
    return fields.stream()
        .map(field -> field.name() + ": " + field.type())
        .collect(Collectors.joining(", ", name + "{", "}"));
  }
}
