package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.CostEstimate;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.StatementKernel;
import org.modelc.ir.kernel.Stmt;

/** Turns scheduled kernels into phases. */
final class KernelWriter {
  private final ProgramArrays arrays;
  private final List<String> dims;
  private final ScratchPlan scratch;
  private final RowSteps rowSteps = new RowSteps();
  private final Identifiers methods = new Identifiers().reserve("run", "scratch");

  KernelWriter(ProgramArrays arrays, List<String> dims, ScratchPlan scratch) {
    this.arrays = arrays;
    this.dims = dims;
    this.scratch = scratch;
  }

  /** A fresh scope for one method. */
  KernelScope scope() {
    scratch.nextKernel();
    return new KernelScope(arrays, dims);
  }

  /** Whether two buffers lie in one array. */
  boolean sameArray(Buffer left, Buffer right) {
    return arrays.placeOf(left) == arrays.placeOf(right);
  }

  ScratchPlan scratch() {
    return scratch;
  }

  /** What products with one row call. */
  RowSteps rowSteps() {
    return rowSteps;
  }

  /** A scheduled kernel's phases: its outermost statements, where some of them are shared. */
  List<Phase> phases(StatementKernel kernel) {
    return phases(kernel, List.of());
  }

  /**
   * As {@link #phases(StatementKernel)}.
   *
   * @param axes variables of the kernel with what is known of their ranges
   */
  List<Phase> phases(StatementKernel kernel, List<Axis> axes) {
    List<Phase> phases = new ArrayList<>();
    for (Stmt step : steps(kernel.body())) {
      phases.add(phase(kernel, step, axes));
    }
    return phases;
  }

  private static List<Stmt> steps(Stmt body) {
    boolean shared =
        body instanceof Stmt.Seq seq && seq.statements().stream().anyMatch(KernelWriter::isShared);
    return shared ? ((Stmt.Seq) body).statements() : List.of(body);
  }

  private static boolean isShared(Stmt stmt) {
    return stmt instanceof Stmt.For loop
        && loop.kind() == Stmt.Kind.PARALLEL
        && loop.step() == 1
        && loop.start().equals(org.modelc.ir.kernel.Expr.integer(0));
  }

  private Phase phase(StatementKernel kernel, Stmt step, List<Axis> axes) {
    KernelScope scope = scope();
    axes.forEach(axis -> scope.extent(axis.name(), axis.extent()));
    SourceText body = new SourceText();
    StatementWriter writer = new StatementWriter(scope, body, alloc -> place(alloc, scope));
    if (isShared(step)) {
      Stmt.For loop = (Stmt.For) step;
      writer.writeShared(loop, CostEstimate.of(loop.body()));
    } else {
      writer.write(step);
    }
    Set<Buffer> reads = new LinkedHashSet<>();
    Set<Buffer> writes = new LinkedHashSet<>();
    step.collect(reads, writes);
    return phase(kernel, kernel.schedule(), scope, body, isShared(step), reads, writes);
  }

  private int place(Stmt.Alloc alloc, KernelScope scope) {
    Buffer buffer = alloc.buffer();
    String size = scope.dim(buffer.size());
    return scratch.take("new " + JavaTypes.element(buffer.dtype()) + "[" + size + "]");
  }

  /** A phase from a method's parts. */
  Phase phase(
      Kernel kernel,
      List<String> schedule,
      KernelScope scope,
      SourceText body,
      boolean shared,
      Set<Buffer> reads,
      Set<Buffer> writes) {
    SourceText whole = new SourceText().lines(scope.declarations());
    whole.text(body.toString());
    List<String> comment =
        new ArrayList<>(kernel.origin().stream().map(SourceSpan::toString).toList());
    comment.add(kernel.name() + ": " + String.join(" ", schedule));
    return new Phase(
        methods.fresh(kernel.name()),
        comment,
        whole.toString(),
        shared,
        identities(reads),
        identities(writes));
  }

  private Set<Integer> identities(Set<Buffer> buffers) {
    Set<Integer> identities = new TreeSet<>();
    buffers.forEach(buffer -> identities.add(arrays.placeOf(buffer)));
    return identities;
  }
}
