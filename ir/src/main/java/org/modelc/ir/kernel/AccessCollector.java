package org.modelc.ir.kernel;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects the program buffers a statement reads and writes. */
final class AccessCollector implements Stmt.Visitor<Void> {
  private final Set<Buffer> reads;
  private final Set<Buffer> writes;
  private final Set<Buffer> local = new HashSet<>();

  AccessCollector(Set<Buffer> reads, Set<Buffer> writes) {
    this.reads = reads;
    this.writes = writes;
  }

  private void read(Expr expr) {
    Set<Buffer> loads = new LinkedHashSet<>();
    ExprWalk.loads(expr, loads);
    loads.removeAll(local);
    reads.addAll(loads);
  }

  @Override
  public Void loop(Stmt.For stmt) {
    read(stmt.start());
    read(stmt.end());
    return stmt.body().accept(this);
  }

  @Override
  public Void let(Stmt.Let stmt) {
    read(stmt.value());
    return stmt.body().accept(this);
  }

  @Override
  public Void mutable(Stmt.Mutable stmt) {
    read(stmt.initial());
    return stmt.body().accept(this);
  }

  @Override
  public Void assign(Stmt.Assign stmt) {
    read(stmt.value());
    return null;
  }

  @Override
  public Void alloc(Stmt.Alloc stmt) {
    local.add(stmt.buffer());
    return stmt.body().accept(this);
  }

  @Override
  public Void store(Stmt.Store stmt) {
    stmt.index().forEach(this::read);
    read(stmt.value());
    if (!local.contains(stmt.buffer())) {
      writes.add(stmt.buffer());
    }
    return null;
  }

  @Override
  public Void branch(Stmt.If stmt) {
    read(stmt.condition());
    stmt.then().accept(this);
    return stmt.otherwise() == null ? null : stmt.otherwise().accept(this);
  }

  @Override
  public Void repeat(Stmt.While stmt) {
    read(stmt.condition());
    return stmt.body().accept(this);
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
    stmt.operands().forEach(this::read);
    for (Buffer buffer : stmt.buffers()) {
      if (!local.contains(buffer)) {
        reads.add(buffer);
        writes.add(buffer);
      }
    }
    return null;
  }
}
