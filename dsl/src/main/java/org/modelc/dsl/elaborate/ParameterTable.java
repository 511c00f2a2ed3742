package org.modelc.dsl.elaborate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.TensorSpec;

/** The parameters and states of a model by binding path, over all its programs. */
final class ParameterTable {
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** One of them, with the place and chain of uses it was first made at. */
  record Entry(
      String path, TensorType type, boolean state, String doc, SourceSpan span, String use) {}

  /** The entry of a path, or null. */
  Entry find(String path) {
    return entries.get(path);
  }

  void add(Entry entry) {
    entries.put(entry.path(), entry);
  }

  /** Parameters, or states, in the order they were made. */
  List<TensorSpec> specs(boolean states) {
    return entries.values().stream()
        .filter(entry -> entry.state() == states)
        .map(entry -> spec(entry))
        .toList();
  }

  private static TensorSpec spec(Entry entry) {
    return new TensorSpec(entry.path(), entry.type().dtype(), entry.type().shape(), entry.doc());
  }
}
