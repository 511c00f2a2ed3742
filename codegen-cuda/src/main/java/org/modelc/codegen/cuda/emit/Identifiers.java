package org.modelc.codegen.cuda.emit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** C++ names for IR names: readable, legal, distinct. */
final class Identifiers {
  /** Words and functions of C++ and CUDA that IR names could meet. */
  private static final Set<String> KEYWORDS =
      Set.of(
              "alignas alignof and asm auto bool break case catch char class const constexpr continue"
                  .split(" "),
              "decltype default delete do double else enum explicit export extern false float for"
                  .split(" "),
              "friend goto if inline int long mutable namespace new noexcept not nullptr operator or"
                  .split(" "),
              "private protected public register return short signed sizeof static struct switch"
                  .split(" "),
              "template this throw true try typedef typeid typename union unsigned using virtual void"
                  .split(" "),
              "volatile while xor f16 bf16 threadIdx blockIdx blockDim gridDim warpSize".split(" "),
              "sqrt sqrtf floor floorf ceil ceilf rint rintf fabs fabsf fma fmaf".split(" "))
          .stream()
          .flatMap(java.util.Arrays::stream)
          .collect(java.util.stream.Collectors.toUnmodifiableSet());

  private final Map<String, String> known = new HashMap<>();
  private final Set<String> used = new HashSet<>(KEYWORDS);

  /** Keeps names for others: no IR name maps to one of them. */
  Identifiers reserve(Iterable<String> names) {
    names.forEach(used::add);
    return this;
  }

  /** The identifier of an IR name; kinds ({@code "buffer"}, {@code "dim"}) do not share names. */
  String of(String kind, String name) {
    return known.computeIfAbsent(kind + ":" + name, key -> fresh(name));
  }

  /** A new identifier like the name. */
  String fresh(String name) {
    StringBuilder legal = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean kept = c < 128 && Character.isLetterOrDigit(c);
      boolean doubled = legal.length() > 0 && legal.charAt(legal.length() - 1) == '_';
      // Two underscores in a row belong to the compiler.
      legal.append(kept ? String.valueOf(c) : doubled ? "" : "_");
    }
    if (legal.length() == 0 || !Character.isLetter(legal.charAt(0))) {
      legal.insert(0, 'x');
    }
    String candidate = legal.toString();
    for (int i = 1; !used.add(candidate); i++) {
      candidate = legal + "_" + i;
    }
    return candidate;
  }
}
