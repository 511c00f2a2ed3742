package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Identities;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * A join in two nests, so that all workers have a part. Bits do not depend on their number as long
 * as the parts do not.
 *
 * @param parts the joins of the parts, into memory of the backend's own
 * @param whole the join of these in order, and what the nest makes of it
 */
public record JoinOfParts(LoopNest parts, LoopNest whole) {
  /**
   * Takes a nest apart.
   *
   * @param part the axis of the parts, which becomes the outermost one
   * @param reduce what a part joins over
   * @param body what it joins, from what the nest does
   */
  public static JoinOfParts of(
      LoopNest nest,
      Axis part,
      List<Axis> reduce,
      UnaryOperator<Expr> body,
      ProgramWriter program) {
    List<Axis> points = new ArrayList<>(List.of(part));
    points.addAll(nest.parallel());
    List<Expr> index = points.stream().<Expr>map(Axis::variable).toList();
    List<Dim> shape = points.stream().map(Axis::extent).toList();
    List<LoopNest.Reduction> partial = new ArrayList<>();
    List<LoopNest.Reduction> joined = new ArrayList<>();
    List<LoopNest.Store> stores = new ArrayList<>();
    for (LoopNest.Reduction each : nest.reductions()) {
      String name = nest.name() + " part " + stores.size();
      Buffer buffer = program.buffers().workspace(name, each.dtype(), shape);
      Expr neutral = Identities.of(each.combiner(), each.dtype());
      Expr load = new Expr.Load(buffer, index);
      stores.add(new LoopNest.Store(buffer, index, LoopNest.reduced(stores.size(), each.dtype())));
      partial.add(new LoopNest.Reduction(each.combiner(), neutral, body.apply(each.body())));
      joined.add(new LoopNest.Reduction(each.combiner(), each.initial(), load));
    }
    return new JoinOfParts(
        new LoopNest(nest.name() + ".parts", points, reduce, partial, stores, nest.origin()),
        new LoopNest(
            nest.name(), nest.parallel(), List.of(part), joined, nest.stores(), nest.origin()));
  }
}
