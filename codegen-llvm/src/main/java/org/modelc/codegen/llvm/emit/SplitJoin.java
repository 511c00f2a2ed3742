package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Identities;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * A large join to few points in two nests, so that all workers have a part: first the join of each
 * of sixteen parts of an axis, then the join of these in order. Which nests are split depends on
 * shapes alone.
 *
 * @param partial the joins of the parts, into memory of the backend's own
 * @param range which part of the axis each point takes
 * @param whole the join of the joins
 */
record SplitJoin(LoopNest partial, ReduceRange range, LoopNest whole) {
  private static final int PARTS = 16;
  private static final double FEW_TASKS = 8;
  private static final double LARGE = 1 << 17;
  private static final double LONG = 64;

  /** Vectors of one task, about. */
  private static final int VECTORS = 4;

  /** The two nests, or null if one will do. */
  static SplitJoin of(LoopNest nest, ProgramWriter program) {
    if (nest.reductions().isEmpty()) {
      return null;
    }
    VectorAxis vector = VectorAxis.of(nest, program.target().lanes(), null);
    Axis split = longest(nest.reduce());
    double work = VectorAxis.size(nest.parallel()) * VectorAxis.size(nest.reduce());
    boolean isLarge = work >= LARGE && VectorAxis.size(split) >= LONG;
    return isLarge && tasks(nest, vector) < FEW_TASKS ? split(nest, split, vector, program) : null;
  }

  private static Axis longest(List<Axis> axes) {
    Axis longest = axes.get(0);
    for (Axis axis : axes) {
      longest = VectorAxis.size(axis) > VectorAxis.size(longest) ? axis : longest;
    }
    return longest;
  }

  private static double tasks(LoopNest nest, VectorAxis vector) {
    double points = VectorAxis.size(nest.parallel());
    if (vector.isReduced() || vector.axis() == null) {
      return points;
    }
    double extent = VectorAxis.size(vector.axis());
    return points / extent * Math.ceil(extent / (vector.lanes() * VECTORS));
  }

  private static SplitJoin split(
      LoopNest nest, Axis split, VectorAxis vector, ProgramWriter program) {
    Axis block = new Axis("part", Dim.constant(PARTS));
    List<Axis> points = new ArrayList<>();
    points.add(block);
    points.addAll(nest.parallel());
    List<Expr> index = points.stream().<Expr>map(Axis::variable).toList();
    List<Dim> shape = points.stream().map(Axis::extent).toList();
    List<LoopNest.Reduction> partial = new ArrayList<>();
    List<LoopNest.Reduction> joined = new ArrayList<>();
    List<LoopNest.Store> stores = new ArrayList<>();
    for (LoopNest.Reduction whole : nest.reductions()) {
      String name = nest.name() + " part " + stores.size();
      Buffer buffer = program.buffers().workspace(name, whole.dtype(), shape);
      Expr neutral = Identities.of(whole.combiner(), whole.dtype());
      stores.add(new LoopNest.Store(buffer, index, LoopNest.reduced(stores.size(), whole.dtype())));
      partial.add(new LoopNest.Reduction(whole.combiner(), neutral, whole.body()));
      joined.add(
          new LoopNest.Reduction(whole.combiner(), whole.initial(), new Expr.Load(buffer, index)));
    }
    boolean inVectors = vector.isReduced() && vector.axis().equals(split);
    ReduceRange range =
        new ReduceRange(split, block, inVectors ? (long) vector.lanes() * VECTORS : 1);
    return new SplitJoin(
        new LoopNest(nest.name() + ".parts", points, nest.reduce(), partial, stores, nest.origin()),
        range,
        new LoopNest(
            nest.name(), nest.parallel(), List.of(block), joined, nest.stores(), nest.origin()));
  }
}
