package org.modelc.passes.simplify;

import java.util.function.Function;
import org.modelc.ir.graph.Value;

/**
 * A rewrite: what fits the pattern is replaced.
 *
 * @param name for the reader, such as {@code x + 0 = x}
 * @param exactness what the rewrite may change
 * @param pattern an op over patterns
 * @param replacement builds the new value, of the same type; null if the rule does not apply after
 *     all
 */
record Rule(
    String name, Exactness exactness, Pattern.Apply pattern, Function<Match, Value> replacement) {
  /** What a rewrite may change. */
  enum Exactness {
    /** At most the sign of a zero. */
    EXACT,
    /** Rounding, NaN and infinities: only where the user asked for it. */
    UNSAFE
  }

  static Rule of(String name, Pattern pattern, Function<Match, Value> replacement) {
    return new Rule(name, Exactness.EXACT, (Pattern.Apply) pattern, replacement);
  }

  static Rule unsafe(String name, Pattern pattern, Function<Match, Value> replacement) {
    return new Rule(name, Exactness.UNSAFE, (Pattern.Apply) pattern, replacement);
  }
}
