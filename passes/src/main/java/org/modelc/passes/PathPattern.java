package org.modelc.passes;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Patterns over binding paths ({@code predict.dense.weight}), as {@code over} lists have them:
 * names joined by dots that stand somewhere in the path as whole segments ({@code dense}, {@code
 * dense.weight}), whichever of its kind in a body it is ({@code dense_2}); with {@code *} for any
 * text, they match the whole path.
 */
public final class PathPattern {
  private PathPattern() {}

  /** Whether one of the patterns matches. */
  public static boolean matchesAny(List<String> patterns, String path) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, path));
  }

  /** A layer's name stands for the second of its kind too. */
  private static String quoted(String names) {
    return Pattern.quote(names).replace(".", "\\E(_[0-9]+)?\\.\\Q") + "(_[0-9]+)?";
  }

  /** Whether a pattern matches. */
  public static boolean matches(String pattern, String path) {
    if (pattern.indexOf('*') < 0) {
      return Pattern.compile("\\." + quoted(pattern) + "\\.").matcher("." + path + ".").find();
    }
    StringBuilder regex = new StringBuilder();
    String between = "";
    for (String part : pattern.split("\\*", -1)) {
      regex.append(between).append(part.isEmpty() ? "" : Pattern.quote(part));
      between = ".*";
    }
    return path.matches(regex.toString());
  }
}
