package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.StatementKernel;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Schedules a nest that no template takes: elementwise nests whose accesses all run through memory
 * in order become one flat loop; others run their outer axes in parallel.
 */
final class NestSchedule {
  private static final String POINT = "point";

  private final LoopNest nest;
  private final BiPredicate<Buffer, Buffer> sameArray;
  private final List<String> steps = new ArrayList<>();
  private StagedStores stages;

  private NestSchedule(LoopNest nest, BiPredicate<Buffer, Buffer> sameArray) {
    this.nest = nest;
    this.sameArray = sameArray;
  }

  /**
   * Schedules a nest.
   *
   * @param sameArray whether two buffers lie in one array
   */
  static StatementKernel of(LoopNest nest, BiPredicate<Buffer, Buffer> sameArray) {
    NestSchedule schedule = new NestSchedule(nest, sameArray);
    Stmt body = schedule.isFlat() ? schedule.flat() : schedule.loops();
    return new StatementKernel(nest.name(), body, nest.origin(), schedule.steps);
  }

  /** The variables of a scheduled nest: its axes, and the number of the point in a flat loop. */
  static List<Axis> variables(LoopNest nest) {
    List<Axis> variables = new ArrayList<>(nest.parallel());
    variables.addAll(nest.reduce());
    variables.add(new Axis(POINT, Contraction.extent(nest.parallel())));
    if (!nest.reduce().isEmpty()) {
      variables.addAll(LaneReduction.variables(nest));
    }
    return variables;
  }

  private Dim points() {
    return Dim.product(nest.parallel().stream().map(Axis::extent).toList());
  }

  // Flat loops: C2 vectorises them only where every array has the same index.

  private boolean isFlat() {
    if (!nest.reductions().isEmpty() || nest.parallel().isEmpty()) {
      return false;
    }
    boolean[] flat = {true};
    for (LoopNest.Store store : nest.stores()) {
      flat[0] &= isFlat(store.buffer(), store.index());
      ExprWalk.visit(store.value(), expr -> flat[0] &= isFlat(expr));
    }
    return flat[0];
  }

  private boolean isFlat(Expr expr) {
    if (expr instanceof Expr.Load load) {
      AffineIndex index = KernelScope.flat(load.buffer(), load.index());
      return isFlat(load.buffer(), load.index())
          || (index != null && index.coefficients().isEmpty());
    }
    return !(expr instanceof Expr.Var) || isIndexOnly((Expr.Var) expr);
  }

  /** Axis variables may stand in load indices, which the flat loop replaces; nowhere else. */
  private boolean isIndexOnly(Expr.Var variable) {
    boolean[] used = {false};
    for (LoopNest.Store store : nest.stores()) {
      used[0] |= usesOutsideLoads(store.value(), variable);
    }
    return !used[0];
  }

  private static boolean usesOutsideLoads(Expr expr, Expr.Var variable) {
    return usesOutsideLoads(expr, variable, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  /** Each shared node is looked into once: as trees, expressions of random ops have no end. */
  private static boolean usesOutsideLoads(Expr expr, Expr.Var variable, Set<Expr> seen) {
    if (expr instanceof Expr.Load || !seen.add(expr)) {
      return false;
    }
    return expr instanceof Expr.Var
        ? expr.equals(variable)
        : expr.children().stream().anyMatch(child -> usesOutsideLoads(child, variable, seen));
  }

  private boolean isFlat(Buffer buffer, List<Expr> index) {
    AffineIndex flat = KernelScope.flat(buffer, index);
    return flat != null && flat.equals(rowMajor(nest.parallel()));
  }

  private static AffineIndex rowMajor(List<Axis> axes) {
    AffineIndex sum = new AffineIndex(java.util.Map.of(), Dim.ZERO);
    Dim stride = Dim.ONE;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      if (!axis.extent().is(1)) {
        sum = sum.plus(AffineIndex.of(axis.variable()).times(stride));
      }
      stride = stride.times(axis.extent());
    }
    return sum;
  }

  private Stmt flat() {
    steps.add("flatten" + nest.parallel() + " parallel vector");
    Expr point = new Expr.Var(POINT, DType.I32);
    ExprWalk.Rewriter rewriter = new ExprWalk.Rewriter(expr -> flatten(expr, point));
    List<Stmt> stores = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      Buffer line = line(store.buffer());
      stores.add(new Stmt.Store(line, List.of(point), rewriter.rewrite(store.value())));
    }
    Stmt staged = staged(stores);
    return staged == null
        ? Stmt.loop(Stmt.Kind.PARALLEL, POINT, Expr.size(points()), unswitched(stores))
        : staged;
  }

  /** The stores in stages over chunks of points, or null if they have none. */
  private Stmt staged(List<Stmt> stores) {
    boolean isLarge = points().isStatic() && points().value() >= 2 * StagedStores.CHUNK;
    if (stores.size() < 2 || !isLarge) {
      return null;
    }
    stages = new StagedStores(POINT, points().value(), sameArray);
    int before = steps.size();
    Stmt body = unswitched(stores);
    if (!stages.isUsed()) {
      stages = null;
      steps.subList(before, steps.size()).clear();
      return null;
    }
    steps.add("stages");
    long chunks = (points().value() + StagedStores.CHUNK - 1) / StagedStores.CHUNK;
    Expr end = Expr.size(Dim.constant(chunks));
    return Stmt.loop(Stmt.Kind.PARALLEL, StagedStores.CHUNK_NUMBER, end, body);
  }

  /** The stores at a point, or in stages over a chunk of points. */
  private Stmt joined(List<Stmt> stores) {
    return stages == null ? together(stores) : stages.loops(stores);
  }

  /** One branch over all stores for a condition that is the same at every point. */
  private Stmt unswitched(List<Stmt> stores) {
    for (Stmt store : stores) {
      if (((Stmt.Store) store).value() instanceof Expr.Select select
          && isFixed(select.condition())) {
        steps.add("unswitch");
        Expr condition = select.condition();
        return new Stmt.If(
            condition, chosen(stores, condition, true), chosen(stores, condition, false));
      }
    }
    return joined(stores);
  }

  /**
   * Computes all values before the first store: an output may lie in the array of an input that
   * another value still reads.
   */
  static Stmt together(List<Stmt> stores) {
    if (stores.size() < 2) {
      return new Stmt.Seq(stores);
    }
    List<Stmt> last = new ArrayList<>();
    for (int i = 0; i < stores.size(); i++) {
      Stmt.Store store = (Stmt.Store) stores.get(i);
      Expr value = new Expr.Var("value" + i, store.value().dtype());
      last.add(new Stmt.Store(store.buffer(), store.index(), value));
    }
    Stmt whole = new Stmt.Seq(last);
    for (int i = stores.size() - 1; i >= 0; i--) {
      whole = new Stmt.Let("value" + i, ((Stmt.Store) stores.get(i)).value(), whole);
    }
    return whole;
  }

  private static boolean isFixed(Expr expr) {
    if (expr instanceof Expr.Load load) {
      return load.index().stream().allMatch(index -> index instanceof Expr.IntConst);
    }
    return !(expr instanceof Expr.Var) && expr.children().stream().allMatch(NestSchedule::isFixed);
  }

  private Stmt chosen(List<Stmt> stores, Expr condition, boolean then) {
    ExprWalk.Rewriter rewriter =
        new ExprWalk.Rewriter(
            expr -> {
              boolean same = expr instanceof Expr.Select s && s.condition().equals(condition);
              return !same
                  ? expr
                  : then ? ((Expr.Select) expr).then() : ((Expr.Select) expr).otherwise();
            });
    List<Stmt> rewritten = new ArrayList<>();
    for (Stmt stmt : stores) {
      Stmt.Store store = (Stmt.Store) stmt;
      rewritten.add(new Stmt.Store(store.buffer(), store.index(), rewriter.rewrite(store.value())));
    }
    return joined(rewritten);
  }

  private Expr flatten(Expr expr, Expr point) {
    if (expr instanceof Expr.Load load && isFlat(load.buffer(), load.index())) {
      return new Expr.Load(line(load.buffer()), List.of(point));
    }
    return expr;
  }

  private static Buffer line(Buffer buffer) {
    return new Buffer(buffer.name(), buffer.dtype(), List.of(buffer.size()));
  }

  // Loops over points.

  private Stmt loops() {
    boolean inner =
        (nest.reductions().isEmpty() || SmallReduction.fits(nest)) && nest.parallel().size() > 1;
    int shared = inner ? nest.parallel().size() - 1 : nest.parallel().size();
    List<Axis> outer = nest.parallel().subList(0, shared);
    steps.add("parallel" + outer + (inner ? " serial[" + nest.parallel().get(shared) + "]" : ""));
    Stmt body = reductions(0);
    if (inner) {
      Axis last = nest.parallel().get(shared);
      body = Stmt.loop(Stmt.Kind.SERIAL, last.name(), Expr.size(last.extent()), body);
    }
    return overPoints(outer, body);
  }

  /** A parallel loop over the axes' points, with the axes bound from the point's number. */
  private static Stmt overPoints(List<Axis> axes, Stmt body) {
    if (axes.size() == 1) {
      Axis axis = axes.get(0);
      return Stmt.loop(Stmt.Kind.PARALLEL, axis.name(), Expr.size(axis.extent()), body);
    }
    Dim points = Dim.product(axes.stream().map(Axis::extent).toList());
    return Stmt.loop(
        Stmt.Kind.PARALLEL,
        POINT,
        Expr.size(points),
        bind(axes, new Expr.Var(POINT, DType.I32), body));
  }

  private static Stmt bind(List<Axis> axes, Expr point, Stmt body) {
    Stmt bound = body;
    Dim stride = Dim.ONE;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      Expr value = stride.is(1) ? point : point.dividedBy(Expr.size(stride));
      if (i > 0) {
        value = Expr.apply(ScalarOp.REMAINDER, value, Expr.size(axis.extent()));
      }
      bound = new Stmt.Let(axis.name(), value, bound);
      stride = stride.times(axis.extent());
    }
    return bound;
  }

  /** Declares accumulators from number {@code first} on, then reduces and stores. */
  private Stmt reductions(int first) {
    if (first < nest.reductions().size()) {
      LoopNest.Reduction reduction = nest.reductions().get(first);
      return new Stmt.Mutable(accumulator(first), reduction.initial(), reductions(first + 1));
    }
    List<Stmt> stores = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      Expr value = ExprWalk.rewrite(store.value(), this::finished);
      stores.add(new Stmt.Store(store.buffer(), store.index(), value));
    }
    return nest.reductions().isEmpty()
        ? together(stores)
        : Stmt.seq(reduceLoops(), together(stores));
  }

  private Stmt reduceLoops() {
    if (LaneReduction.fits(nest)) {
      steps.add(
          "lanes["
              + nest.reduce().get(nest.reduce().size() - 1)
              + " by "
              + LaneReduction.LANES
              + "]");
      return LaneReduction.loops(nest, NestSchedule::accumulator);
    }
    if (SmallReduction.fits(nest)) {
      steps.add("unroll" + nest.reduce());
      return SmallReduction.joins(nest, NestSchedule::accumulator);
    }
    List<Stmt> joins = new ArrayList<>();
    for (int i = 0; i < nest.reductions().size(); i++) {
      LoopNest.Reduction reduction = nest.reductions().get(i);
      Expr old = new Expr.Var(accumulator(i), reduction.dtype());
      joins.add(
          new Stmt.Assign(
              accumulator(i), Expr.apply(reduction.combiner().op(), old, reduction.body())));
    }
    Stmt body = new Stmt.Seq(joins);
    for (int i = nest.reduce().size() - 1; i >= 0; i--) {
      Axis axis = nest.reduce().get(i);
      body = Stmt.loop(Stmt.Kind.SERIAL, axis.name(), Expr.size(axis.extent()), body);
    }
    return body;
  }

  private Expr finished(Expr expr) {
    return expr instanceof Expr.Reduced reduced
        ? new Expr.Var(accumulator(reduced.reduction()), reduced.dtype())
        : expr;
  }

  private static String accumulator(int reduction) {
    return "r" + reduction;
  }
}
