package org.modelc.ir.kernel;

import java.util.List;
import java.util.Locale;

/** Prints statements, a line each. */
final class StatementPrinter implements Stmt.Visitor<Void> {
  private final List<String> lines;
  private int depth;

  StatementPrinter(List<String> lines) {
    this.lines = lines;
  }

  void print(Stmt stmt, int atDepth) {
    int before = depth;
    depth = atDepth;
    stmt.accept(this);
    depth = before;
  }

  private void line(String text) {
    lines.add("  ".repeat(depth) + text);
  }

  private Void block(String head, Stmt body) {
    line(head + " {");
    print(body, depth + 1);
    line("}");
    return null;
  }

  @Override
  public Void loop(Stmt.For stmt) {
    String step = stmt.step() == 1 ? "" : " step " + stmt.step();
    String range = KernelPrinter.print(stmt.start()) + ".." + KernelPrinter.print(stmt.end());
    String kind = stmt.kind().name().toLowerCase(Locale.ROOT);
    return block("for " + kind + " " + stmt.variable() + " in " + range + step, stmt.body());
  }

  @Override
  public Void let(Stmt.Let stmt) {
    line("let " + stmt.name() + " = " + KernelPrinter.print(stmt.value()));
    return stmt.body().accept(this);
  }

  @Override
  public Void mutable(Stmt.Mutable stmt) {
    line("var " + stmt.name() + " = " + KernelPrinter.print(stmt.initial()));
    return stmt.body().accept(this);
  }

  @Override
  public Void assign(Stmt.Assign stmt) {
    line(stmt.name() + " = " + KernelPrinter.print(stmt.value()));
    return null;
  }

  @Override
  public Void alloc(Stmt.Alloc stmt) {
    String space = stmt.space().name().toLowerCase(Locale.ROOT);
    line(
        "alloc "
            + space
            + " "
            + stmt.buffer().name()
            + ": "
            + stmt.buffer().dtype()
            + stmt.buffer().shape());
    return stmt.body().accept(this);
  }

  @Override
  public Void store(Stmt.Store stmt) {
    line(
        KernelPrinter.element(stmt.buffer(), stmt.index())
            + " = "
            + KernelPrinter.print(stmt.value()));
    return null;
  }

  @Override
  public Void branch(Stmt.If stmt) {
    block("if " + KernelPrinter.print(stmt.condition()), stmt.then());
    return stmt.otherwise() == null ? null : block("else", stmt.otherwise());
  }

  @Override
  public Void repeat(Stmt.While stmt) {
    return block("while " + KernelPrinter.print(stmt.condition()), stmt.body());
  }

  @Override
  public Void seq(Stmt.Seq stmt) {
    stmt.statements().forEach(statement -> statement.accept(this));
    return null;
  }

  @Override
  public Void barrier(Stmt.Barrier stmt) {
    line("barrier " + stmt.space().name().toLowerCase(Locale.ROOT));
    return null;
  }

  @Override
  public Void intrinsic(Stmt.Intrinsic stmt) {
    line(
        stmt.name() + stmt.operands().stream().map(KernelPrinter::print).toList() + stmt.buffers());
    return null;
  }
}
