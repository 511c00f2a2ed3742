package org.modelc.codegen.jvm;

import java.util.List;
import java.util.Set;

/**
 * One method of a program: all workers may run it at once; what it depends on has passed a barrier.
 *
 * @param method the method's name
 * @param comment origin and schedule, for the reader
 * @param body the method's Java
 * @param shared whether workers share it; if not, the caller runs it alone
 * @param reads identities of the arrays it reads
 * @param writes identities of the arrays it writes
 */
record Phase(
    String method,
    List<String> comment,
    String body,
    boolean shared,
    Set<Integer> reads,
    Set<Integer> writes) {
  boolean dependsOn(Phase earlier) {
    return meets(reads, earlier.writes)
        || meets(writes, earlier.writes)
        || meets(writes, earlier.reads);
  }

  private static boolean meets(Set<Integer> some, Set<Integer> others) {
    return some.stream().anyMatch(others::contains);
  }
}
