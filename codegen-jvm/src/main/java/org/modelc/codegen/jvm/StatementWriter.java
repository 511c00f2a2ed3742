package org.modelc.codegen.jvm;

import java.util.function.ToIntFunction;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.Dim;

/** Prints statements of a kernel as Java. */
final class StatementWriter implements Stmt.Visitor<Void> {
  private final KernelScope scope;
  private final SourceText out;
  private final ToIntFunction<Stmt.Alloc> scratch;

  /** @param scratch gives a local array its place among the worker's arrays */
  StatementWriter(KernelScope scope, SourceText out, ToIntFunction<Stmt.Alloc> scratch) {
    this.scope = scope;
    this.out = out;
    this.scratch = scratch;
  }

  void write(Stmt stmt) {
    stmt.accept(this);
  }

  /**
   * Prints an outermost parallel loop: each worker runs its share of the iterations, and a loop too
   * small to share runs on the caller's.
   *
   * @param cost scalar operations of one iteration
   */
  void writeShared(Stmt.For loop, Dim cost) {
    String count = scope.fresh("count");
    String parts = scope.fresh("parts");
    String variable = scope.variable(loop.variable());
    out.line("final int " + count + " = " + value(loop.end()) + ";");
    String work = (cost.is(1) ? "(long) " : scope.longDim(cost) + " * ") + count;
    out.line("final int " + parts + " = Grid.parts(" + work + ", " + count + ", workers);");
    out.open("if (worker < " + parts + ")");
    String end = scope.fresh("end");
    out.line("final int " + end + " = Grid.bound(" + count + ", worker + 1, " + parts + ");");
    String start = "int " + variable + " = Grid.bound(" + count + ", worker, " + parts + ")";
    out.open("for (" + start + "; " + variable + " < " + end + "; " + variable + "++)");
    write(loop.body());
    out.close();
    out.close();
  }

  private String value(Expr expr) {
    ExpressionWriter writer = ExpressionWriter.of(scope, out);
    writer.expect(expr);
    return writer.print(expr);
  }

  @Override
  public Void loop(Stmt.For stmt) {
    String start = value(stmt.start());
    String end = value(stmt.end());
    String variable = scope.variable(stmt.variable());
    String step = stmt.step() == 1 ? variable + "++" : variable + " += " + stmt.step();
    out.open("for (int " + variable + " = " + start + "; " + variable + " < " + end + "; " + step + ")");
    write(stmt.body());
    out.close();
    return null;
  }

  @Override
  public Void let(Stmt.Let stmt) {
    String type = JavaTypes.value(stmt.value().dtype());
    String text = value(stmt.value());
    out.line("final " + type + " " + scope.variable(stmt.name()) + " = " + text + ";");
    write(stmt.body());
    return null;
  }

  @Override
  public Void mutable(Stmt.Mutable stmt) {
    String type = JavaTypes.value(stmt.initial().dtype());
    String text = value(stmt.initial());
    out.line(type + " " + scope.variable(stmt.name()) + " = " + text + ";");
    write(stmt.body());
    return null;
  }

  @Override
  public Void assign(Stmt.Assign stmt) {
    String text = value(stmt.value());
    out.line(scope.variable(stmt.name()) + " = " + text + ";");
    return null;
  }

  @Override
  public Void alloc(Stmt.Alloc stmt) {
    scope.localArray(stmt.buffer(), scratch.applyAsInt(stmt));
    write(stmt.body());
    return null;
  }

  @Override
  public Void store(Stmt.Store stmt) {
    ExpressionWriter writer = ExpressionWriter.of(scope, out);
    stmt.index().forEach(writer::expect);
    writer.expect(stmt.value());
    String value = JavaTypes.store(stmt.buffer().dtype(), writer.print(stmt.value()));
    String index = writer.index(stmt.buffer(), stmt.index());
    out.line(scope.array(stmt.buffer()) + "[" + index + "] = " + value + ";");
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
    out.open("if (!" + value(stmt.condition()) + ")").line("break;").close();
    write(stmt.body());
    out.close();
    return null;
  }

  @Override
  public Void seq(Stmt.Seq stmt) {
    for (Stmt statement : stmt.statements()) {
      boolean declares = statement instanceof Stmt.Let || statement instanceof Stmt.Mutable;
      if (declares) {
        out.line("{");
      }
      write(statement);
      if (declares) {
        out.line("}");
      }
    }
    return null;
  }

  @Override
  public Void barrier(Stmt.Barrier stmt) {
    throw new IllegalStateException("a bytecode worker has no threads that could meet inside a kernel");
  }

  @Override
  public Void intrinsic(Stmt.Intrinsic stmt) {
    throw new IllegalStateException("the bytecode backend has no operation '" + stmt.name() + "'");
  }
}
