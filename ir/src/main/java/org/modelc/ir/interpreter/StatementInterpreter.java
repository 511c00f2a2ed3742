package org.modelc.ir.interpreter;

import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Stmt;

/** Runs a kernel's statements in order, whatever the kind of their loops. */
final class StatementInterpreter implements Stmt.Visitor<Void> {
  private final KernelInterpreter memory;
  private final ExprInterpreter scope;

  StatementInterpreter(KernelInterpreter memory) {
    this.memory = memory;
    this.scope = new ExprInterpreter(memory);
  }

  private long integer(Expr expr) {
    scope.forget();
    return (Long) scope.value(expr);
  }

  @Override
  public Void loop(Stmt.For stmt) {
    long end = integer(stmt.end());
    for (long i = integer(stmt.start()); i < end; i += stmt.step()) {
      scope.bind(stmt.variable(), i);
      stmt.body().accept(this);
    }
    return null;
  }

  @Override
  public Void let(Stmt.Let stmt) {
    scope.forget();
    scope.bind(stmt.name(), scope.value(stmt.value()));
    return stmt.body().accept(this);
  }

  @Override
  public Void mutable(Stmt.Mutable stmt) {
    scope.forget();
    scope.bind(stmt.name(), scope.value(stmt.initial()));
    return stmt.body().accept(this);
  }

  @Override
  public Void assign(Stmt.Assign stmt) {
    scope.forget();
    scope.bind(stmt.name(), scope.value(stmt.value()));
    return null;
  }

  @Override
  public Void alloc(Stmt.Alloc stmt) {
    memory.local(stmt.buffer());
    return stmt.body().accept(this);
  }

  @Override
  public Void store(Stmt.Store stmt) {
    scope.forget();
    memory.write(stmt.buffer(), scope.indices(stmt.index()), scope.value(stmt.value()));
    return null;
  }

  @Override
  public Void branch(Stmt.If stmt) {
    scope.forget();
    if (scope.isTrue(stmt.condition())) {
      return stmt.then().accept(this);
    }
    return stmt.otherwise() == null ? null : stmt.otherwise().accept(this);
  }

  @Override
  public Void repeat(Stmt.While stmt) {
    scope.forget();
    while (scope.isTrue(stmt.condition())) {
      stmt.body().accept(this);
      scope.forget();
    }
    return null;
  }

  @Override
  public Void seq(Stmt.Seq stmt) {
    stmt.statements().forEach(statement -> statement.accept(this));
    return null;
  }

  @Override
  public Void barrier(Stmt.Barrier stmt) {
    return null;
  }

  @Override
  public Void intrinsic(Stmt.Intrinsic stmt) {
    throw new InterpreterException("intrinsic " + stmt.name() + " is a backend's own");
  }
}
