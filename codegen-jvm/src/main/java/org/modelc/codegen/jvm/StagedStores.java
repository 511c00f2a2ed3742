package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.DType;

/**
 * Elementwise stores of which one is computed from what the others store, such as Adam's parameter
 * from its moments: in one loop they pass the size up to which HotSpot unrolls and so vectorises
 * loops. In stages over a chunk that stays in the first-level cache, each loop is small.
 */
final class StagedStores {
  static final int CHUNK = 1024;
  static final String CHUNK_NUMBER = "chunk";

  private final Expr.Var point;
  private final long points;
  private final BiPredicate<Buffer, Buffer> sameArray;
  private boolean isUsed;

  /**
   * @param point the name of a point's number
   * @param points how many there are
   * @param sameArray whether two buffers lie in one array
   */
  StagedStores(String point, long points, BiPredicate<Buffer, Buffer> sameArray) {
    this.point = new Expr.Var(point, DType.I32);
    this.points = points;
    this.sameArray = sameArray;
  }

  /** Whether any stores came in stages. */
  boolean isUsed() {
    return isUsed;
  }

  /**
   * Loops over the points of a chunk, the others' before the last one's; one loop if no store is
   * computed from the others', or if it reads what they overwrite.
   */
  Stmt loops(List<Stmt> stores) {
    for (int i = 0; i < stores.size(); i++) {
      List<Stmt> first = new ArrayList<>(stores);
      Stmt.Store last = from((Stmt.Store) first.remove(i), first);
      if (last != null && !readsOverwritten(last, first)) {
        isUsed = true;
        return Stmt.seq(loop(NestSchedule.together(first)), loop(new Stmt.Seq(List.of(last))));
      }
    }
    return loop(NestSchedule.together(stores));
  }

  private Stmt loop(Stmt body) {
    Expr size = Expr.integer(CHUNK);
    Expr from = new Expr.Var(CHUNK_NUMBER, DType.I32).times(size);
    Expr end = Expr.apply(ScalarOp.MINIMUM, from.plus(size), Expr.integer(points));
    return new Stmt.For(Stmt.Kind.VECTOR, point.name(), from, end, 1, body);
  }

  /** The store, with what others store loaded from where they did; null if nothing is. */
  private static Stmt.Store from(Stmt.Store store, List<Stmt> others) {
    Map<Expr, Expr> stored = new IdentityHashMap<>();
    for (Stmt other : others) {
      Stmt.Store each = (Stmt.Store) other;
      boolean exact = each.buffer().dtype() == DType.F32 && each.value().dtype() == DType.F32;
      if (exact && !each.value().children().isEmpty() && !(each.value() instanceof Expr.Load)) {
        stored.put(each.value(), new Expr.Load(each.buffer(), each.index()));
      }
    }
    Set<Expr> used = Collections.newSetFromMap(new IdentityHashMap<>());
    Expr value = replaced(store.value(), stored, used);
    boolean all = used.size() == others.size();
    return all ? new Stmt.Store(store.buffer(), store.index(), value) : null;
  }

  private static Expr replaced(Expr root, Map<Expr, Expr> stored, Set<Expr> used) {
    Map<Expr, Expr> loads = new IdentityHashMap<>();
    ExprWalk.visit(
        root,
        expr -> {
          if (stored.containsKey(expr) && expr != root) {
            loads.put(expr, stored.get(expr));
            used.add(expr);
          }
        });
    return rebuilt(root, loads);
  }

  /** The expression with nodes replaced by identity, from the root down. */
  private static Expr rebuilt(Expr expr, Map<Expr, Expr> loads) {
    Map<Expr, Expr> results = new IdentityHashMap<>(loads);
    ExprWalk.visit(expr, node -> results.computeIfAbsent(node, key -> copied(key, results)));
    return results.get(expr);
  }

  private static Expr copied(Expr expr, Map<Expr, Expr> results) {
    if (expr instanceof Expr.Apply apply) {
      List<Expr> operands = apply.operands().stream().map(results::get).toList();
      return new Expr.Apply(apply.op(), apply.dtype(), operands);
    } else if (expr instanceof Expr.Cast cast) {
      return Expr.cast(cast.dtype(), results.get(cast.operand()));
    } else if (expr instanceof Expr.Select select) {
      return Expr.select(
          results.get(select.condition()),
          results.get(select.then()),
          results.get(select.otherwise()));
    }
    return expr;
  }

  /** Whether the last loop needs what the first has written over. */
  private boolean readsOverwritten(Stmt.Store last, List<Stmt> first) {
    boolean[] found = {false};
    ExprWalk.visit(
        last.value(),
        expr -> {
          if (expr instanceof Expr.Load load) {
            for (Stmt other : first) {
              Buffer written = ((Stmt.Store) other).buffer();
              boolean own = load.buffer().equals(written);
              found[0] |= !own && sameArray.test(load.buffer(), written);
            }
          }
        });
    return found[0];
  }
}
