package org.modelc.codegen.llvm.emit;

import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.Dim;

/** Writes the statements of a kernel, one element at a time. */
final class StatementWriter implements Stmt.Visitor<Void> {
  private final KernelFunction function;
  private final FunctionWriter writer;
  private ExpressionWriter.Scope scope;

  StatementWriter(KernelFunction function, ExpressionWriter.Scope scope) {
    this.function = function;
    this.writer = function.writer();
    this.scope = scope;
  }

  void write(Stmt stmt) {
    stmt.accept(this);
  }

  private ExpressionWriter expressions() {
    return new ExpressionWriter(
        function,
        scope,
        ExpressionWriter.Lanes.NONE,
        reduced -> {
          throw new IllegalStateException("a reduction's value outside of a nest");
        });
  }

  private Operand value(Expr expr) {
    return expressions().value(expr);
  }

  private Operand index(Expr expr) {
    Operand value = value(expr);
    return value.isConstant()
        ? Operand.i64(Long.parseLong(value.text()))
        : writer.convert("sext", value, "i64");
  }

  private void under(String name, Operand value, Dim extent, Stmt body) {
    ExpressionWriter.Scope outer = scope;
    scope = outer.copy();
    scope.values().put(name, value);
    scope.extents().remove(name);
    if (extent != null) {
      scope.extents().put(name, extent);
    }
    write(body);
    scope = outer;
  }

  @Override
  public Void loop(Stmt.For stmt) {
    writer.scalarLoop(
        index(stmt.start()),
        index(stmt.end()),
        stmt.step(),
        i -> under(stmt.variable(), i, stmt.extent(), stmt.body()));
    return null;
  }

  /** Some iterations of a loop. */
  void range(Stmt.For loop, Operand first, Operand second) {
    writer.scalarLoop(first, second, 1, i -> under(loop.variable(), i, loop.extent(), loop.body()));
  }

  @Override
  public Void let(Stmt.Let stmt) {
    under(stmt.name(), value(stmt.value()), null, stmt.body());
    return null;
  }

  @Override
  public Void mutable(Stmt.Mutable stmt) {
    Operand variable = writer.variable(LlvmTypes.value(stmt.initial().dtype()));
    writer.store(value(stmt.initial()), variable);
    under(stmt.name(), variable, null, stmt.body());
    return null;
  }

  @Override
  public Void assign(Stmt.Assign stmt) {
    writer.store(value(stmt.value()), scope.values().get(stmt.name()));
    return null;
  }

  @Override
  public Void alloc(Stmt.Alloc stmt) {
    function.local(stmt.buffer());
    write(stmt.body());
    return null;
  }

  @Override
  public Void store(Stmt.Store stmt) {
    ExpressionWriter expressions = expressions();
    expressions.store(stmt.buffer(), stmt.index(), expressions.value(stmt.value()));
    return null;
  }

  @Override
  public Void branch(Stmt.If stmt) {
    Runnable otherwise = stmt.otherwise() == null ? null : () -> write(stmt.otherwise());
    writer.when(value(stmt.condition()), () -> write(stmt.then()), otherwise);
    return null;
  }

  @Override
  public Void repeat(Stmt.While stmt) {
    writer.repeat(() -> value(stmt.condition()), () -> write(stmt.body()));
    return null;
  }

  @Override
  public Void seq(Stmt.Seq stmt) {
    if (!stmt.assignsTogether()) {
      stmt.statements().forEach(this::write);
      return null;
    }
    // Values that several assignments share are computed once.
    ExpressionWriter expressions = expressions();
    for (Stmt statement : stmt.statements()) {
      Stmt.Assign assign = (Stmt.Assign) statement;
      writer.store(expressions.value(assign.value()), scope.values().get(assign.name()));
    }
    return null;
  }

  @Override
  public Void barrier(Stmt.Barrier stmt) {
    throw new IllegalStateException("a native worker has no threads that meet inside a kernel");
  }

  @Override
  public Void intrinsic(Stmt.Intrinsic stmt) {
    throw new IllegalStateException("the native backend has no operation '" + stmt.name() + "'");
  }
}
