package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Walks and rewrites expressions as graphs: a shared node is visited once and stays shared. */
public final class ExprWalk {
  private ExprWalk() {}

  /** Calls the consumer once for every distinct node, operands first. */
  public static void visit(Expr root, Consumer<Expr> consumer) {
    visit(root, consumer, new IdentityHashMap<>());
  }

  private static void visit(Expr expr, Consumer<Expr> consumer, Map<Expr, Boolean> seen) {
    if (seen.put(expr, true) != null) {
      return;
    }
    for (Expr child : expr.children()) {
      visit(child, consumer, seen);
    }
    consumer.accept(expr);
  }

  /** Adds the buffers that the expression loads from. */
  public static void loads(Expr root, Set<Buffer> buffers) {
    visit(
        root,
        expr -> {
          if (expr instanceof Expr.Load load) {
            buffers.add(load.buffer());
          }
        });
  }

  /** The names of the variables in an expression, in the order met. */
  public static Set<String> variables(Expr root) {
    Set<String> names = new LinkedHashSet<>();
    visit(
        root,
        expr -> {
          if (expr instanceof Expr.Var variable) {
            names.add(variable.name());
          }
        });
    return names;
  }

  /**
   * Rebuilds the expression bottom up: {@code rule} sees each node with its operands rewritten and
   * gives its replacement, or the node itself.
   */
  public static Expr rewrite(Expr root, UnaryOperator<Expr> rule) {
    return new Rewriter(rule).rewrite(root);
  }

  /** Replaces variables by name; others stay. */
  public static Expr substitute(Expr root, Map<String, Expr> variables) {
    return rewrite(
        root,
        expr -> {
          if (expr instanceof Expr.Var variable) {
            return variables.getOrDefault(variable.name(), variable);
          }
          return expr;
        });
  }

  /** Rewrites several expressions that may share nodes, keeping what they share. */
  public static final class Rewriter {
    private final UnaryOperator<Expr> rule;
    private final Map<Expr, Expr> done = new IdentityHashMap<>();

    public Rewriter(UnaryOperator<Expr> rule) {
      this.rule = rule;
    }

    public Expr rewrite(Expr expr) {
      Expr known = done.get(expr);
      if (known != null) {
        return known;
      }
      List<Expr> children = new ArrayList<>();
      boolean changed = false;
      for (Expr child : expr.children()) {
        Expr rewritten = rewrite(child);
        changed |= rewritten != child;
        children.add(rewritten);
      }
      Expr result = rule.apply(changed ? rebuild(expr, children) : expr);
      done.put(expr, result);
      return result;
    }
  }

  private static Expr rebuild(Expr expr, List<Expr> children) {
    if (expr instanceof Expr.Load load) {
      return new Expr.Load(load.buffer(), children);
    } else if (expr instanceof Expr.Apply apply) {
      return new Expr.Apply(apply.op(), apply.dtype(), children);
    } else if (expr instanceof Expr.Cast cast) {
      return new Expr.Cast(cast.dtype(), children.get(0));
    } else if (expr instanceof Expr.Select) {
      return new Expr.Select(children.get(0), children.get(1), children.get(2));
    }
    throw new IllegalStateException("a leaf has no operands: " + expr);
  }
}
