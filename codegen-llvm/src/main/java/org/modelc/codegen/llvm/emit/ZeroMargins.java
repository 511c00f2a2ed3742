package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;

/** Which elements of a program's buffers are zero because a picture was padded. */
public final class ZeroMargins {
  private final Map<String, List<Inside>> known = new HashMap<>();

  /** The elements along a dim, the end excluded, outside which all are zero. */
  public record Inside(long from, long to) {}

  ZeroMargins(KernelProgram program) {
    Set<String> shared = new HashSet<>();
    program.aliases().forEach((view, whole) -> shared.addAll(List.of(view.name(), whole.name())));
    Set<String> written = new HashSet<>();
    for (Kernel kernel : program.kernels()) {
      for (Buffer buffer : kernel.writes()) {
        if (!written.add(buffer.name())) {
          shared.add(buffer.name());
        }
      }
      if (kernel instanceof LoopNest nest && nest.stores().size() == 1) {
        note(nest.stores().get(0));
      }
    }
    known.keySet().removeAll(shared);
  }

  private void note(LoopNest.Store store) {
    boolean isPad =
        store.value() instanceof Expr.Select select
            && select.otherwise() instanceof Expr.Const constant
            && constant.value() == 0;
    if (!isPad) {
      return;
    }
    List<Expr> conditions = new ArrayList<>();
    conjuncts(((Expr.Select) store.value()).condition(), conditions);
    List<Inside> dims = new ArrayList<>();
    for (int dim = 0; dim < store.index().size(); dim++) {
      dims.add(inside(store, dim, conditions));
    }
    known.put(store.buffer().name(), dims);
  }

  private static void conjuncts(Expr condition, List<Expr> all) {
    if (condition instanceof Expr.Apply apply && apply.op() == ScalarOp.AND) {
      apply.operands().forEach(operand -> conjuncts(operand, all));
    } else {
      all.add(condition);
    }
  }

  private static Inside inside(LoopNest.Store store, int dim, List<Expr> conditions) {
    boolean isKnown =
        store.index().get(dim) instanceof Expr.Var && store.buffer().shape().get(dim).isStatic();
    if (!isKnown) {
      return null;
    }
    String axis = ((Expr.Var) store.index().get(dim)).name();
    long from = 0;
    long to = store.buffer().shape().get(dim).value();
    for (Expr condition : conditions) {
      if (condition instanceof Expr.Apply apply && apply.op() == ScalarOp.GREATER_EQUAL) {
        from = Math.max(from, bound(apply, axis, from));
      } else if (condition instanceof Expr.Apply apply && apply.op() == ScalarOp.LESS) {
        to = Math.min(to, bound(apply, axis, to));
      }
    }
    return new Inside(from, to);
  }

  /** What an axis is compared with, or another number if it is something else that is compared. */
  private static long bound(Expr.Apply comparison, String axis, long otherwise) {
    AffineIndex left = AffineIndex.of(comparison.operands().get(0));
    AffineIndex right = AffineIndex.of(comparison.operands().get(1));
    boolean isBound =
        left != null
            && right != null
            && right.coefficients().isEmpty()
            && left.coefficients().size() == 1
            && left.coefficient(axis).is(1)
            && left.offset().isStatic()
            && right.offset().isStatic();
    return isBound ? right.offset().value() - left.offset().value() : otherwise;
  }

  /** The elements of a buffer along a dim that need not be zero; null if nothing is known. */
  public Inside inside(Buffer buffer, int dim) {
    List<Inside> dims = known.get(buffer.name());
    return dims == null || dims.size() != buffer.rank() ? null : dims.get(dim);
  }
}
