package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.LoopNest.Reduction;
import org.modelc.ir.kernel.LoopNest.Store;
import org.modelc.passes.KernelPass;
import org.modelc.passes.Stage;
import org.modelc.passes.Target;
import org.modelc.runtime.spec.Dim;

/**
 * Gives large joins to few points, such as the norm of a gradient, to all workers: first a partial
 * result for each point of the outermost joined axis, then the join of these. Which nests are split
 * depends on shapes alone, so that results do not depend on the number of workers.
 */
public final class SplitReductions implements KernelPass {
  private static final int FEW_POINTS = 4;
  private static final int LARGE = 16_384;

  private final double large;

  public SplitReductions() {
    this(LARGE);
  }

  /**
   * @param large elements joined for a point from which a nest is split
   */
  SplitReductions(double large) {
    this.large = large;
  }

  @Override
  public String name() {
    return "split-reductions";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.FUSED);
  }

  @Override
  public KernelProgram run(KernelProgram program, Target target) {
    List<Kernel> kernels = new ArrayList<>();
    List<Buffer> temporaries = new ArrayList<>(program.temporaries());
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof LoopNest nest && isSplit(nest)) {
        split(nest, kernels, temporaries);
      } else {
        kernels.add(kernel);
      }
    }
    return kernels.size() == program.kernels().size()
        ? program
        : program.withKernels(kernels, temporaries);
  }

  private boolean isSplit(LoopNest nest) {
    return nest.reduce().size() > 1
        && nest.reductions().stream().allMatch(reduction -> reduction.dtype().isFloating())
        && !Nests.isContraction(nest)
        && NestCost.points(nest.parallel()) <= FEW_POINTS
        && NestCost.points(nest.reduce()) >= large
        && NestCost.points(nest.reduce().subList(0, 1)) > FEW_POINTS;
  }

  private static void split(LoopNest nest, List<Kernel> kernels, List<Buffer> temporaries) {
    Axis outer = nest.reduce().get(0);
    List<Axis> points = new ArrayList<>(nest.parallel());
    points.add(outer);
    List<Expr> index = points.stream().<Expr>map(Axis::variable).toList();
    List<Dim> shape = points.stream().map(Axis::extent).toList();
    List<Reduction> partial = new ArrayList<>();
    List<Reduction> joined = new ArrayList<>();
    List<Store> stores = new ArrayList<>();
    for (Reduction whole : nest.reductions()) {
      String name = nest.name() + ".partial." + stores.size();
      Buffer buffer = new Buffer(name, whole.dtype(), shape);
      temporaries.add(buffer);
      Expr neutral = Expr.constant(whole.dtype(), neutral(whole.combiner()));
      stores.add(new Store(buffer, index, LoopNest.reduced(stores.size(), whole.dtype())));
      partial.add(new Reduction(whole.combiner(), neutral, whole.body()));
      joined.add(new Reduction(whole.combiner(), whole.initial(), new Expr.Load(buffer, index)));
    }
    List<Axis> inner = nest.reduce().subList(1, nest.reduce().size());
    kernels.add(
        new LoopNest(nest.name() + ".partial", points, inner, partial, stores, nest.origin()));
    kernels.add(
        new LoopNest(
            nest.name(), nest.parallel(), List.of(outer), joined, nest.stores(), nest.origin()));
  }

  /** Of floating types, the only ones that are split. */
  private static double neutral(Combiner combiner) {
    return switch (combiner) {
      case SUM, OR -> 0;
      case PRODUCT, AND -> 1;
      case MINIMUM -> Double.POSITIVE_INFINITY;
      case MAXIMUM -> Double.NEGATIVE_INFINITY;
    };
  }
}
