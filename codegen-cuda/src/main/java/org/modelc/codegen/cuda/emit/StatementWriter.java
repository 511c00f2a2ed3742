package org.modelc.codegen.cuda.emit;

import java.util.List;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Stmt;

/** Writes the statements of a kernel, as one thread runs them. */
final class StatementWriter implements Stmt.Visitor<Void> {
  private final KernelFunction function;
  private final SourceText out;

  StatementWriter(KernelFunction function) {
    this.function = function;
    this.out = function.out();
  }

  void write(Stmt stmt) {
    stmt.accept(this);
  }

  private String value(Expr expr) {
    return ExpressionWriter.value(function, expr);
  }

  @Override
  public Void loop(Stmt.For stmt) {
    String start = value(stmt.start());
    String end = value(stmt.end());
    String variable = function.variable(stmt.variable());
    String step = stmt.step() == 1 ? variable + "++" : variable + " += " + stmt.step();
    function.within(stmt.variable(), stmt.extent());
    out.open(
        "for (int " + variable + " = " + start + "; " + variable + " < " + end + "; " + step + ")");
    write(stmt.body());
    out.close();
    return null;
  }

  @Override
  public Void let(Stmt.Let stmt) {
    declare("const ", stmt.name(), stmt.value());
    write(stmt.body());
    return null;
  }

  private void declare(String constness, String name, Expr value) {
    function.within(name, null);
    String text = value(value);
    out.line(
        constness
            + CudaTypes.value(value.dtype())
            + " "
            + function.variable(name)
            + " = "
            + text
            + ";");
  }

  @Override
  public Void mutable(Stmt.Mutable stmt) {
    declare("", stmt.name(), stmt.initial());
    write(stmt.body());
    return null;
  }

  @Override
  public Void assign(Stmt.Assign stmt) {
    String text = value(stmt.value());
    out.line(function.variable(stmt.name()) + " = " + text + ";");
    return null;
  }

  @Override
  public Void alloc(Stmt.Alloc stmt) {
    function.localArray(stmt.buffer());
    write(stmt.body());
    return null;
  }

  @Override
  public Void store(Stmt.Store stmt) {
    ExpressionWriter writer = new ExpressionWriter(function);
    stmt.index().forEach(writer::expect);
    writer.expect(stmt.value());
    String value = writer.print(stmt.value());
    out.line(writer.store(stmt.buffer(), stmt.index(), value));
    return null;
  }

  @Override
  public Void branch(Stmt.If stmt) {
    out.open("if (" + value(stmt.condition()) + ")");
    write(stmt.then());
    if (stmt.otherwise() != null) {
      out.reopen("else");
      write(stmt.otherwise());
    }
    out.close();
    return null;
  }

  @Override
  public Void repeat(Stmt.While stmt) {
    out.open("while (true)");
    out.open("if (!(" + value(stmt.condition()) + "))").line("break;").close();
    write(stmt.body());
    out.close();
    return null;
  }

  @Override
  public Void seq(Stmt.Seq stmt) {
    if (stmt.assignsTogether()) {
      assignTogether(stmt.statements());
      return null;
    }
    for (Stmt statement : stmt.statements()) {
      boolean declares =
          statement instanceof Stmt.Let
              || statement instanceof Stmt.Mutable
              || statement instanceof Stmt.Alloc;
      if (declares) {
        out.block("", () -> write(statement));
      } else {
        write(statement);
      }
    }
    return null;
  }

  /** Values that several assignments share are computed once. */
  private void assignTogether(List<Stmt> statements) {
    ExpressionWriter writer = new ExpressionWriter(function);
    statements.forEach(statement -> writer.expect(((Stmt.Assign) statement).value()));
    for (Stmt statement : statements) {
      Stmt.Assign assign = (Stmt.Assign) statement;
      String text = writer.print(assign.value());
      out.line(function.variable(assign.name()) + " = " + text + ";");
    }
  }

  @Override
  public Void barrier(Stmt.Barrier stmt) {
    out.line("__syncthreads();");
    return null;
  }

  @Override
  public Void intrinsic(Stmt.Intrinsic stmt) {
    throw new IllegalStateException("the CUDA backend has no operation '" + stmt.name() + "'");
  }
}
