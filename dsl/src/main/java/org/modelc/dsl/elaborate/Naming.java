package org.modelc.dsl.elaborate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gives binding names in one body: {@code as name} and {@code let} give theirs, others get their
 * kind's, the second of a kind {@code dense_2}, turns of loops are numbers. Only what is evaluated
 * takes a name, so an untaken branch changes none.
 */
final class Naming {
  private final String prefix;
  private final boolean mayOwnParameters;
  private final Map<String, Integer> counts = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private int turns;

  /**
   * @param prefix the binding path of the body; empty for a model's own
   * @param mayOwnParameters false in functions outside models
   */
  Naming(String prefix, boolean mayOwnParameters) {
    this.prefix = prefix;
    this.mayOwnParameters = mayOwnParameters;
  }

  String prefix() {
    return prefix;
  }

  boolean mayOwnParameters() {
    return mayOwnParameters;
  }

  /** The path of a name given in the text; null if the body has it already. */
  String claim(String name) {
    return taken.add(name) ? path(name) : null;
  }

  /** The path of an occurrence that has no name but its kind. */
  String claimKind(String kind) {
    while (true) {
      int count = counts.merge(kind, 1, Integer::sum);
      String name = count == 1 ? kind : kind + "_" + count;
      if (taken.add(name)) {
        return path(name);
      }
    }
  }

  /** The names of a loop's next turn; a second loop in the body goes on counting. */
  Naming turn() {
    return new Naming(path(Integer.toString(turns++)), mayOwnParameters);
  }

  String path(String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }
}
