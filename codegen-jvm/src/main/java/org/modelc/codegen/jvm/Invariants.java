package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.Dim;

/**
 * Finds loads that give the same value in all iterations of a loop. HotSpot's compiler cannot move
 * them out itself where the loop stores to an array of the same type, since arrays might be one;
 * and a load that stays inside keeps the loop scalar.
 */
final class Invariants implements Stmt.Visitor<Void> {
  private final Set<String> changing = new HashSet<>();
  private final Set<String> written = new HashSet<>();
  private final List<Expr> values = new ArrayList<>();
  private final Set<Expr.Load> found = new LinkedHashSet<>();

  /** Expressions share parts; as a tree, those of random numbers would never end. */
  private final Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Set<Expr> seenSafe = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Predicate<Expr.Load> known;

  private Invariants(Predicate<Expr.Load> known) {
    this.known = known;
  }

  /**
   * The loads that are evaluated in every iteration and never change, each once.
   *
   * @param sameArray whether two buffers lie in one array
   * @param known loads to leave alone
   */
  static Set<Expr.Load> of(
      Stmt.For loop, BiPredicate<Buffer, Buffer> sameArray, Predicate<Expr.Load> known) {
    Invariants search = new Invariants(known);
    search.changing.add(loop.variable());
    loop.body().accept(search);
    Set<Buffer> writes = new LinkedHashSet<>();
    loop.body().collect(new HashSet<>(), writes);
    search.values.forEach(search::visit);
    search.found.removeIf(
        load ->
            search.written.contains(load.buffer().name())
                || writes.stream().anyMatch(buffer -> sameArray.test(buffer, load.buffer())));
    return search.found;
  }

  /** Visits what is evaluated whatever conditions hold. */
  private void visit(Expr expr) {
    if (!seen.add(expr)) {
      return;
    }
    if (expr instanceof Expr.Load load) {
      consider(load);
      return;
    }
    if (expr instanceof Expr.Select select) {
      visit(select.condition());
      visitSafe(select.then());
      visitSafe(select.otherwise());
      return;
    }
    expr.children().forEach(this::visit);
  }

  /** In a branch, only loads that cannot fail are taken. */
  private void visitSafe(Expr expr) {
    if (!seenSafe.add(expr)) {
      return;
    }
    if (expr instanceof Expr.Load load) {
      AffineIndex index = KernelScope.flat(load.buffer(), load.index());
      if (index != null && index.coefficients().isEmpty()) {
        consider(load);
      }
      return;
    }
    expr.children().forEach(this::visitSafe);
  }

  private void consider(Expr.Load load) {
    AffineIndex index = KernelScope.flat(load.buffer(), load.index());
    if (index == null || known.test(load)) {
      return;
    }
    boolean fixed = index.coefficients().keySet().stream().noneMatch(changing::contains);
    if (fixed && (!index.coefficients().isEmpty() || isInside(index.offset(), load.buffer()))) {
      found.add(load);
    }
  }

  /** A literal place may lie outside of the buffer where a condition keeps it from being read. */
  private static boolean isInside(Dim place, Buffer buffer) {
    return place.isStatic()
        && buffer.size().isStatic()
        && place.value() >= 0
        && place.value() < buffer.size().value();
  }

  private void value(Expr expr) {
    values.add(expr);
  }

  @Override
  public Void loop(Stmt.For stmt) {
    changing.add(stmt.variable());
    value(stmt.start());
    value(stmt.end());
    return stmt.body().accept(this);
  }

  @Override
  public Void let(Stmt.Let stmt) {
    changing.add(stmt.name());
    value(stmt.value());
    return stmt.body().accept(this);
  }

  @Override
  public Void mutable(Stmt.Mutable stmt) {
    changing.add(stmt.name());
    value(stmt.initial());
    return stmt.body().accept(this);
  }

  @Override
  public Void assign(Stmt.Assign stmt) {
    changing.add(stmt.name());
    value(stmt.value());
    return null;
  }

  @Override
  public Void alloc(Stmt.Alloc stmt) {
    written.add(stmt.buffer().name());
    return stmt.body().accept(this);
  }

  @Override
  public Void store(Stmt.Store stmt) {
    written.add(stmt.buffer().name());
    stmt.index().forEach(this::value);
    value(stmt.value());
    return null;
  }

  @Override
  public Void branch(Stmt.If stmt) {
    value(stmt.condition());
    inBranch(stmt.then());
    if (stmt.otherwise() != null) {
      inBranch(stmt.otherwise());
    }
    return null;
  }

  /** What a branch changes counts, but what it loads is not evaluated always. */
  private void inBranch(Stmt branch) {
    int before = values.size();
    branch.accept(this);
    values.subList(before, values.size()).clear();
  }

  @Override
  public Void repeat(Stmt.While stmt) {
    inBranch(stmt.body());
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
    stmt.buffers().forEach(buffer -> written.add(buffer.name()));
    return null;
  }
}
