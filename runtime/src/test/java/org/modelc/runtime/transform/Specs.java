package org.modelc.runtime.transform;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.TransformSpec;

/** Builds transform trees as the language does. */
final class Specs {
  private Specs() {}

  static TransformSpec column(String name) {
    return new TransformSpec("column", List.of(name), List.of(), Map.of());
  }

  static TransformSpec columns(String... names) {
    return new TransformSpec("columns", List.of(names), List.of(), Map.of());
  }

  static TransformSpec pattern(String pattern) {
    return new TransformSpec("columns", List.of(pattern), List.of(), Map.of("pattern", true));
  }

  static TransformSpec spec(String kind, Map<String, Object> options, TransformSpec... inputs) {
    return new TransformSpec(kind, List.of(), List.of(inputs), options);
  }
}
