package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Expr;

/**
 * Makes equal expressions one object. Operands must have been interned before, so that a look at
 * them as objects tells whether they are equal.
 */
final class ExprInterner {
  private final Map<List<Object>, Expr> known = new HashMap<>();

  Expr intern(Expr expr) {
    return known.computeIfAbsent(key(expr), key -> expr);
  }

  private static List<Object> key(Expr expr) {
    List<Object> key = new ArrayList<>();
    key.add(expr.getClass());
    key.add(expr.dtype());
    if (expr.children().isEmpty() && !(expr instanceof Expr.Load)) {
      key.add(expr);
      return key;
    }
    if (expr instanceof Expr.Load load) {
      key.add(load.buffer());
    } else if (expr instanceof Expr.Apply apply) {
      key.add(apply.op());
    }
    expr.children().forEach(child -> key.add(new Same(child)));
    return key;
  }

  /** Equal to itself alone. */
  private record Same(Expr expr) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Same same && same.expr == expr;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(expr);
    }
  }
}
