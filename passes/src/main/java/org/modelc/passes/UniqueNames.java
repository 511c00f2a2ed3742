package org.modelc.passes;

import java.util.HashMap;
import java.util.Map;

/** Gives each wish a name that was not given before: {@code x}, {@code x.2}, {@code x.3}. */
final class UniqueNames {
  private final Map<String, Integer> given = new HashMap<>();

  String next(String wish) {
    int count = given.merge(wish, 1, Integer::sum);
    if (count == 1) {
      return wish;
    }
    String name = wish + "." + count;
    return given.containsKey(name) ? next(wish) : register(name);
  }

  private String register(String name) {
    given.put(name, 1);
    return name;
  }
}
