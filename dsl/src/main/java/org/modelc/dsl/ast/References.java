package org.modelc.dsl.ast;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.modelc.ir.op.RecordShape;

/**
 * Finds the names that a part of the tree uses. It reads the records themselves, so it misses no
 * kind.
 */
public final class References {
  private References() {}

  /** The names used anywhere below a node, in the order met. */
  public static Set<String> in(Node node) {
    Set<String> names = new LinkedHashSet<>();
    collect(node, names);
    return names;
  }

  private static void collect(Object value, Set<String> names) {
    if (value instanceof Expression.Reference reference) {
      names.add(reference.name().text());
    } else if (value instanceof List<?> list) {
      list.forEach(element -> collect(element, names));
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> collect(present, names));
    } else if (value instanceof Node) {
      RecordShape.values((Record) value).forEach(part -> collect(part, names));
    }
  }
}
