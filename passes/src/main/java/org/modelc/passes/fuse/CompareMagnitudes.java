package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.LoopNest.Reduction;
import org.modelc.ir.kernel.LoopNest.Store;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.passes.KernelPass;
import org.modelc.passes.Stage;
import org.modelc.passes.Target;
import org.modelc.runtime.spec.DType;

/**
 * Greatest magnitudes are found among their bits, as integers: numbers without a sign are ordered
 * as their bits are, and NaN stands above infinity. A maximum of floats takes five instructions,
 * for NaN and the sign of 0; one of integers takes one.
 */
public final class CompareMagnitudes implements KernelPass {
  @Override
  public String name() {
    return "compare-magnitudes";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.FUSED);
  }

  @Override
  public KernelProgram run(KernelProgram program, Target target) {
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      kernels.add(kernel instanceof LoopNest nest ? rewritten(nest) : kernel);
    }
    return kernels.equals(program.kernels())
        ? program
        : program.withKernels(kernels, program.temporaries());
  }

  private static LoopNest rewritten(LoopNest nest) {
    List<Reduction> reductions = new ArrayList<>();
    for (Reduction reduction : nest.reductions()) {
      reductions.add(isOfMagnitudes(reduction) ? ofBits(reduction) : reduction);
    }
    if (reductions.equals(nest.reductions())) {
      return nest;
    }
    List<Store> stores = new ArrayList<>();
    for (Store store : nest.stores()) {
      Expr value = ExprWalk.rewrite(store.value(), expr -> fromBits(expr, reductions));
      stores.add(new Store(store.buffer(), store.index(), value));
    }
    return new LoopNest(
        nest.name(), nest.parallel(), nest.reduce(), reductions, stores, nest.origin());
  }

  private static boolean isOfMagnitudes(Reduction reduction) {
    return reduction.combiner() == Combiner.MAXIMUM
        && reduction.dtype() == DType.F32
        && reduction.body() instanceof Expr.Apply apply
        && apply.op() == ScalarOp.ABSOLUTE
        && reduction.initial() instanceof Expr.Const;
  }

  private static Reduction ofBits(Reduction reduction) {
    return new Reduction(reduction.combiner(), bits(reduction.initial()), bits(reduction.body()));
  }

  private static Expr bits(Expr number) {
    return Expr.bitcast(DType.I32, number);
  }

  private static Expr fromBits(Expr expr, List<Reduction> reductions) {
    if (!(expr instanceof Expr.Reduced reduced)
        || reductions.get(reduced.reduction()).dtype() == reduced.dtype()) {
      return expr;
    }
    DType dtype = reductions.get(reduced.reduction()).dtype();
    return Expr.bitcast(reduced.dtype(), LoopNest.reduced(reduced.reduction(), dtype));
  }
}
