package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.Dim;

/** Prints statements of a kernel as Java. */
final class StatementWriter implements Stmt.Visitor<Void> {
  private final KernelScope scope;
  private final SourceText out;
  private final ToIntFunction<Stmt.Alloc> scratch;

  /** Loads that have been moved out of the loops around here, with their locals. */
  private final Map<Expr.Load, String> hoisted = new HashMap<>();

  /**
   * @param scratch gives a local array its place among the worker's arrays
   */
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
    Set<Expr.Load> moved = hoist(loop);
    String start = "int " + variable + " = Grid.bound(" + count + ", worker, " + parts + ")";
    String head = "for (" + start + "; " + variable + " < " + end + "; " + variable + "++)";
    unswitch(head, loop);
    moved.forEach(hoisted::remove);
    out.close();
  }

  /** A branch that goes the same way in all iterations stands around the loop. */
  private void unswitch(String head, Stmt.For loop) {
    boolean fixed = loop.body() instanceof Stmt.If branch && isFixed(branch.condition());
    if (!fixed) {
      block(head, loop.body());
      return;
    }
    Stmt.If branch = (Stmt.If) loop.body();
    out.open("if (" + value(branch.condition()) + ")");
    hoisting(head, loop, branch.then());
    if (branch.otherwise() != null) {
      out.reopen("else");
      hoisting(head, loop, branch.otherwise());
    }
    out.close();
  }

  private void hoisting(String head, Stmt.For loop, Stmt body) {
    Stmt.For alone =
        new Stmt.For(loop.kind(), loop.variable(), loop.start(), loop.end(), loop.step(), body);
    Set<Expr.Load> moved = hoist(alone);
    block(head, body);
    moved.forEach(hoisted::remove);
  }

  private void block(String head, Stmt body) {
    out.open(head);
    write(body);
    out.close();
  }

  /** Whether a condition consists of constants and of loads moved out already. */
  private boolean isFixed(Expr expr) {
    if (expr instanceof Expr.Load load) {
      return hoisted.containsKey(load) || scope.scalar(load.buffer()) != null;
    }
    return !(expr instanceof Expr.Var) && expr.children().stream().allMatch(this::isFixed);
  }

  /** Binds the loads that a loop repeats in vain; gives them, to be forgotten after the loop. */
  private Set<Expr.Load> hoist(Stmt.For loop) {
    Set<Expr.Load> loads =
        Invariants.of(
            loop,
            scope::sameArray,
            load -> hoisted.containsKey(load) || scope.scalar(load.buffer()) != null);
    for (Expr.Load load : loads) {
      String text = writer().load(load);
      String name = scope.fresh("h");
      out.line("final " + JavaTypes.value(load.dtype()) + " " + name + " = " + text + ";");
      hoisted.put(load, name);
    }
    return loads;
  }

  private ExpressionWriter writer() {
    return ExpressionWriter.of(scope, out, hoisted::get);
  }

  private String value(Expr expr) {
    ExpressionWriter writer = writer();
    writer.expect(expr);
    return writer.print(expr);
  }

  @Override
  public Void loop(Stmt.For stmt) {
    String start = value(stmt.start());
    String end = value(stmt.end());
    String variable = scope.variable(stmt.variable());
    String step = stmt.step() == 1 ? variable + "++" : variable + " += " + stmt.step();
    Set<Expr.Load> moved = hoist(stmt);
    String head =
        "for (int " + variable + " = " + start + "; " + variable + " < " + end + "; " + step + ")";
    unswitch(head, stmt);
    moved.forEach(hoisted::remove);
    return null;
  }

  @Override
  public Void let(Stmt.Let stmt) {
    List<Stmt.Let> bound = independent(stmt);
    ExpressionWriter writer = writer();
    bound.forEach(each -> writer.expect(each.value()));
    for (Stmt.Let each : bound) {
      String type = JavaTypes.value(each.value().dtype());
      String text = writer.print(each.value());
      out.line("final " + type + " " + scope.variable(each.name()) + " = " + text + ";");
    }
    write(bound.get(bound.size() - 1).body());
    return null;
  }

  /** Bindings that follow each other and do not need each other: what they share is found once. */
  private static List<Stmt.Let> independent(Stmt.Let first) {
    List<Stmt.Let> bound = new ArrayList<>(List.of(first));
    Set<String> names = new HashSet<>(Set.of(first.name()));
    while (bound.get(bound.size() - 1).body() instanceof Stmt.Let next
        && !mentions(next.value(), names)) {
      bound.add(next);
      names.add(next.name());
    }
    return bound;
  }

  private static boolean mentions(Expr value, Set<String> names) {
    boolean[] found = {false};
    ExprWalk.visit(value, e -> found[0] |= e instanceof Expr.Var v && names.contains(v.name()));
    return found[0];
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
    ExpressionWriter writer = writer();
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
    if (stmt.assignsTogether()) {
      assignTogether(stmt.statements());
      return null;
    }
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

  /** Values that several assignments share are computed once. */
  private void assignTogether(List<Stmt> statements) {
    ExpressionWriter writer = writer();
    statements.forEach(statement -> writer.expect(((Stmt.Assign) statement).value()));
    for (Stmt statement : statements) {
      Stmt.Assign assign = (Stmt.Assign) statement;
      String text = writer.print(assign.value());
      out.line(scope.variable(assign.name()) + " = " + text + ";");
    }
  }

  @Override
  public Void barrier(Stmt.Barrier stmt) {
    throw new IllegalStateException(
        "a bytecode worker has no threads that could meet inside a kernel");
  }

  @Override
  public Void intrinsic(Stmt.Intrinsic stmt) {
    throw new IllegalStateException("the bytecode backend has no operation '" + stmt.name() + "'");
  }
}
