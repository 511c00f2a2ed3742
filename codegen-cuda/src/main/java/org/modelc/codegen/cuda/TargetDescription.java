package org.modelc.codegen.cuda;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The device that code is made for. Whatever an emitter decides it reads here: the same input gives
 * the same bits on every build machine.
 *
 * @param architecture the compute capability × 10: 75 for sm_75, 90 for sm_90
 */
public record TargetDescription(int architecture) {
  /** The least that generated code runs on: Turing. */
  public static final int OLDEST = 75;

  /** Those that machine code is made for unless told otherwise. */
  public static final List<Integer> KNOWN = List.of(75, 80, 86, 89, 90, 100, 120);

  /** What runs on every device that modelc supports. */
  public static final TargetDescription PORTABLE = new TargetDescription(OLDEST);

  public TargetDescription {
    if (architecture < OLDEST) {
      throw new IllegalArgumentException(
          "sm_" + architecture + " is older than sm_" + OLDEST + ", the oldest that is supported");
    }
  }

  /**
   * Architectures by name.
   *
   * @param names such as {@code sm_86}; none or {@code all} for {@link #KNOWN}, {@code none} for
   *     none
   * @throws IllegalArgumentException for a name that is none of these
   */
  public static List<Integer> architectures(List<String> names) {
    if (names.isEmpty() || names.equals(List.of("all"))) {
      return KNOWN;
    } else if (names.equals(List.of("none"))) {
      return List.of();
    }
    TreeSet<Integer> architectures = new TreeSet<>();
    for (String name : names) {
      Integer known =
          KNOWN.stream().filter(each -> name.equals("sm_" + each)).findFirst().orElse(null);
      if (known == null) {
        throw new IllegalArgumentException(
            "there is no machine code for "
                + name
                + ": modelc makes it for "
                + KNOWN.stream().map(each -> "sm_" + each).collect(Collectors.joining(", ")));
      }
      architectures.add(known);
    }
    return List.copyOf(architectures);
  }

  /** Whether there are tensor cores with asynchronous copies to feed them: Ampere and later. */
  public boolean hasMatrixUnits() {
    return architecture >= 80;
  }

  /**
   * Whether three products of tf32 are faster than one of f32. They are where tensor cores multiply
   * tf32 at more than thrice the rate of f32: 8 times on A100 (156 and 19.5 TFLOP/s), 7 on H100 SXM
   * (494 and 67), more on B200; on devices for graphics (sm_86, sm_89, sm_120) both rates are the
   * same. Sources: NVIDIA's whitepapers and data sheets of A100, GA102, H100, Ada, Blackwell.
   */
  public boolean multipliesSinglesFast() {
    return architecture == 80 || architecture == 90 || architecture == 100;
  }
}
