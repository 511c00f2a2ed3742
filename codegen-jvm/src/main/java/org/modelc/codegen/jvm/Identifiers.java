package org.modelc.codegen.jvm;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Java names for IR names: readable, legal, distinct. */
final class Identifiers {
  private final Map<String, String> known = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  /** Keeps names for others: no IR name maps to one of them. */
  Identifiers reserve(String... names) {
    used.addAll(Set.of(names));
    return this;
  }

  /** The identifier of an IR name; kinds ({@code "buffer"}, {@code "dim"}) do not share names. */
  String of(String kind, String name) {
    return known.computeIfAbsent(kind + ":" + name, key -> fresh(name));
  }

  /** A new identifier like the name. */
  String fresh(String name) {
    String legal = name.replaceAll("[^A-Za-z0-9_]", "_");
    if (legal.isEmpty() || Character.isDigit(legal.charAt(0)) || SourceVersion.isKeyword(legal)) {
      legal = "_" + legal;
    }
    String candidate = legal;
    for (int i = 1; legal.equals("_") || !used.add(candidate); i++) {
      candidate = legal + "_" + i;
      if (legal.equals("_") && used.add(candidate)) {
        break;
      }
    }
    return candidate;
  }
}
