package org.modelc.testkit.fiber;

import java.util.List;

/** What watches a {@link FiberProgram}. */
public enum FiberChecks {
  /** Nothing but pages without access behind buffers: for large shapes. */
  NONE(List.of("-O1")),
  /** AddressSanitizer and UndefinedBehaviorSanitizer: bounds, alignment, shifts, overflow. */
  ADDRESS(
      List.of(
          "-O1",
          "-fsanitize=address,undefined",
          "-fsanitize-sections=fiber_shared",
          "-fno-sanitize-recover=all")),
  /** ThreadSanitizer, with a real thread for each of a block: for small shapes. */
  THREADS(List.of("-O1", "-fsanitize=thread", "-DFIBER_THREADS"));

  private final List<String> options;

  FiberChecks(List<String> options) {
    this.options = options;
  }

  List<String> options() {
    return options;
  }
}
