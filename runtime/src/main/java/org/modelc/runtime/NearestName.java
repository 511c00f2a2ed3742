package org.modelc.runtime;

import java.util.Collection;
import java.util.Locale;

/** Finds the name a caller probably meant. */
public final class NearestName {
  private NearestName() {}

  /**
   * The sentence {@code did you mean `x`?} for the nearest candidate, else the list of candidates;
   * so the hint is never empty unless there are no candidates.
   */
  public static String hint(String name, Collection<String> candidates) {
    String nearest = of(name, candidates);
    if (nearest != null) {
      return "did you mean `" + nearest + "`?";
    }
    return candidates.isEmpty() ? "" : "there are: " + listed(candidates);
  }

  /** The candidate with at most a third of its letters changed, dropped or added; null for none. */
  public static String of(String name, Collection<String> candidates) {
    String nearest = null;
    int least = Math.max(1, name.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  private static String listed(Collection<String> candidates) {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (String candidate : candidates) {
      if (shown == 12) {
        return text.append(", … (").append(candidates.size()).append(" in all)").toString();
      }
      text.append(shown == 0 ? "" : ", ").append(candidate);
      shown++;
    }
    return text.toString();
  }

  /** Levenshtein distance by two rows of the usual table. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
