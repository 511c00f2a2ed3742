package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;

/**
 * The calls of a program's phases in order, with a barrier only where a phase needs what another
 * worker did since the last one.
 */
final class PhaseOrder {
  private static final String ARGUMENTS = "(buffers, dims, scratch, worker, workers);";

  private PhaseOrder() {}

  /** One statement a line. */
  static List<String> calls(List<Phase> phases) {
    List<String> calls = new ArrayList<>();
    List<Phase> since = new ArrayList<>();
    for (Phase phase : phases) {
      if (since.stream().anyMatch(earlier -> mustWait(phase, earlier))) {
        calls.add("team.barrier(worker);");
        since.clear();
      }
      since.add(phase);
      String call = phase.method() + ARGUMENTS;
      calls.add(phase.shared() ? call : "if (worker == 0) " + call);
    }
    return calls;
  }

  private static boolean mustWait(Phase phase, Phase earlier) {
    boolean bothAlone = !phase.shared() && !earlier.shared();
    return !bothAlone && phase.dependsOn(earlier);
  }
}
