package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.diagnostic.SourceSpan;

/**
 * A kernel given as statements: what no loop nest expresses (scatter, sort, top-k), or a nest after
 * scheduling.
 *
 * @param name for the reader, unique in the program
 * @param body the statements; its {@link Stmt.Kind#PARALLEL} loops may run in any order
 * @param origin source places
 * @param schedule the transforms that led here, for the reader; empty if it was lowered so
 */
public record StatementKernel(
    String name, Stmt body, List<SourceSpan> origin, List<String> schedule) implements Kernel {
  public StatementKernel {
    origin = List.copyOf(origin);
    schedule = List.copyOf(schedule);
  }

  /**
   * The statements one after another where some are parallel loops: what follows one waits for all
   * of its iterations. Else the body as one.
   */
  public List<Stmt> steps() {
    boolean parallel =
        body instanceof Stmt.Seq seq && seq.statements().stream().anyMatch(Stmt::isParallel);
    return parallel ? ((Stmt.Seq) body).statements() : List.of(body);
  }

  @Override
  public List<Buffer> reads() {
    Set<Buffer> reads = new LinkedHashSet<>();
    Set<Buffer> writes = new LinkedHashSet<>();
    body.collect(reads, writes);
    return new ArrayList<>(reads);
  }

  @Override
  public List<Buffer> writes() {
    Set<Buffer> reads = new LinkedHashSet<>();
    Set<Buffer> writes = new LinkedHashSet<>();
    body.collect(reads, writes);
    return new ArrayList<>(writes);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.statements(this);
  }

  @Override
  public String toString() {
    return KernelPrinter.print(this);
  }
}
