package org.modelc.passes;

import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;

/**
 * What a pass did.
 *
 * @param pass the pass's name
 * @param nanos time taken, verification included
 * @param before the {@link Graph} or {@link KernelProgram} it was given
 * @param after what it made; the same object if nothing changed
 */
public record PassReport(String pass, long nanos, Object before, Object after) {
  public boolean isUnchanged() {
    return before == after;
  }

  /** Nodes or kernels before. */
  public int sizeBefore() {
    return size(before);
  }

  /** Nodes or kernels after. */
  public int sizeAfter() {
    return size(after);
  }

  private static int size(Object program) {
    return program instanceof Graph graph
        ? graph.nodes().size()
        : ((KernelProgram) program).kernels().size();
  }

  /** One line: name, sizes, milliseconds. */
  @Override
  public String toString() {
    String change = isUnchanged() ? "(unchanged)" : sizeBefore() + " -> " + sizeAfter();
    return String.format("%-20s %-14s %8.3f ms", pass, change, nanos / 1e6);
  }
}
