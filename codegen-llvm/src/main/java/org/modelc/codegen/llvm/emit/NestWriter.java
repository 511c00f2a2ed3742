package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Lanes;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.Identities;
import org.modelc.ir.kernel.KernelWork;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * Writes a nest that no template takes as loops in vectors: along an axis of the result, where each
 * lane is a point, or along a joined axis, where lanes are joined at the end.
 */
final class NestWriter {
  /** Tasks that leading axes should give; further axes are loops inside a task. */
  private static final long ENOUGH_TASKS = 64;

  private static final double ASSUMED_EXTENT = 16;

  /** Elements of one task, where a task is a run along the vectors' axis. */
  private static final long RUN = 4096;

  private static final int SMALL_BODY = 12;
  private static final int MEDIUM_BODY = 40;

  /** What a function costs in nodes, about. */
  private static final int FUNCTION = 24;

  private final LoopNest nest;
  private final ReduceRange range;
  private final KernelFunction function;
  private final FunctionWriter writer;
  private final PointLoops points;
  private final VectorAxis vector;
  private final ColumnStrip strip;
  private final int unroll;
  private final List<String> steps = new ArrayList<>();
  private List<Axis> taskAxes;
  private List<Axis> innerAxes;
  private TaskCount tasks;

  private NestWriter(LoopNest nest, ReduceRange range, ProgramWriter program) {
    this.nest = nest;
    this.range = range;
    this.function = program.function();
    this.writer = function.writer();
    this.points = new PointLoops(function);
    Axis excluded = range == null ? null : range.block();
    this.vector = VectorAxis.of(nest, program.target().lanes(), excluded);
    this.strip = ColumnStrip.of(nest, vector, excluded, program.target().firstCacheBytes());
    this.unroll = unroll();
  }

  /** The nest, which has been collapsed, as a function over its tasks. */
  static RangeKernel write(LoopNest nest, ProgramWriter program) {
    return write(nest, null, program);
  }

  /**
   * As {@link #write(LoopNest, ProgramWriter)}.
   *
   * @param range a part of a joined axis, or null
   */
  static RangeKernel write(LoopNest nest, ReduceRange range, ProgramWriter program) {
    NestWriter schedule = new NestWriter(nest, range, program);
    schedule.plan();
    schedule.body();
    return schedule.finish();
  }

  private RangeKernel finish() {
    List<String> comment = ProgramWriter.comment(nest, steps);
    Set<Buffer> reads = new java.util.LinkedHashSet<>(nest.reads());
    return new RangeKernel(
        comment,
        function.finish(nest.name(), comment),
        tasks,
        work(),
        places(reads),
        places(nest.writes()),
        leadingPoints());
  }

  /** Points of the leading axes that tasks follow; null if the first is not among them. */
  private Dim leadingPoints() {
    List<Axis> parallel = nest.parallel();
    if (isFlat()) {
      return parallel.get(0).extent();
    }
    int same = 0;
    while (same < taskAxes.size() && taskAxes.get(same).equals(parallel.get(same))) {
      same++;
    }
    List<Axis> axes = parallel.subList(0, same);
    return same == 0 ? null : Dim.product(axes.stream().map(Axis::extent).toList());
  }

  private Set<Integer> places(Iterable<Buffer> buffers) {
    Set<Integer> places = new TreeSet<>();
    buffers.forEach(buffer -> places.add(function.buffers().placeOf(buffer)));
    return places;
  }

  private Dim work() {
    return KernelWork.of(nest).times(bodySize());
  }

  private int bodySize() {
    int[] size = {1};
    for (LoopNest.Reduction reduction : nest.reductions()) {
      ExprWalk.visit(reduction.body(), expr -> size[0] += weight(expr));
    }
    if (nest.reductions().isEmpty()) {
      nest.stores().forEach(store -> ExprWalk.visit(store.value(), e -> size[0] += weight(e)));
    }
    return size[0];
  }

  private static int weight(Expr expr) {
    boolean function = expr instanceof Expr.Apply apply && apply.op().isFunction();
    return function ? FUNCTION : 1;
  }

  private int unroll() {
    int size = bodySize();
    int accumulators = Math.max(1, nest.reductions().size());
    int wanted = size <= SMALL_BODY ? 4 : size <= MEDIUM_BODY ? 2 : 1;
    return Math.max(1, Math.min(wanted, 8 / accumulators));
  }

  // Which axes give tasks.

  private void plan() {
    List<Axis> outer = new ArrayList<>(nest.parallel());
    if (!vector.isReduced() && vector.axis() != null) {
      outer.remove(vector.axis());
    }
    int leading = leading(outer);
    taskAxes = outer.subList(0, leading);
    innerAxes = outer.subList(leading, outer.size());
    tasks = tasks();
    steps.add("tasks" + taskAxes + (innerAxes.isEmpty() ? "" : " loops" + innerAxes));
    if (vector.axis() != null) {
      String kind = vector.isReduced() ? "joined lanes" : "lanes";
      steps.add(kind + "[" + vector.axis() + " by " + vector.lanes() + "×" + unroll + "]");
    }
    if (!nest.reduce().isEmpty()) {
      steps.add("joins" + nest.reduce() + (strip == null ? "" : " into strips in memory"));
    }
  }

  private static int leading(List<Axis> outer) {
    double points = 1;
    for (int i = 0; i < outer.size(); i++) {
      if (points >= ENOUGH_TASKS) {
        return i;
      }
      points *= VectorAxis.size(outer.get(i).extent(), ASSUMED_EXTENT);
    }
    return outer.size();
  }

  private TaskCount tasks() {
    Dim outer = Dim.product(taskAxes.stream().map(Axis::extent).toList());
    if (vector.isReduced() || vector.axis() == null) {
      return TaskCount.of(outer);
    }
    Dim extent = vector.axis().extent();
    long block = strip == null ? (long) vector.lanes() * unroll : strip.columns();
    if (!nest.reductions().isEmpty()) {
      return new TaskCount(outer, extent, block, 1);
    } else if (isFlat()) {
      return new TaskCount(extent, Dim.ONE, 1, block);
    }
    boolean inRuns = innerAxes.isEmpty();
    return inRuns ? new TaskCount(outer, extent, RUN, 1) : TaskCount.of(outer);
  }

  /** Whether every point is a task. */
  private boolean isFlat() {
    return nest.reductions().isEmpty() && nest.parallel().size() == 1;
  }

  // The code.

  private void body() {
    Scope scope = Scope.empty();
    if (isFlat()) {
      lanes(function.first(), function.second(), scope);
      return;
    }
    writer.loop(function.first(), function.second(), 1, task -> task(task, scope));
  }

  private void task(Operand task, Scope scope) {
    if (vector.axis() == null || vector.isReduced()) {
      Scope at = withRange(points.decode(task, taskAxes, scope));
      points.each(innerAxes, at, this::point);
      return;
    }
    Operand blocks = tasks.blocks(function);
    boolean one = blocks.is(1);
    Operand point = one ? task : writer.binary("udiv", task, blocks);
    Scope at = withRange(points.decode(point, taskAxes, scope));
    Operand extent = function.dim(vector.axis().extent());
    if (one) {
      points.each(innerAxes, at, inner -> lanes(Operand.i64(0), extent, inner));
      return;
    }
    Operand block = Operand.i64(tasks.block());
    Operand from = writer.multiply(writer.binary("urem", task, blocks), block);
    Operand to = writer.minimum(writer.add(from, block), extent);
    points.each(innerAxes, at, inner -> lanes(from, to, inner));
  }

  private Scope withRange(Scope scope) {
    return range == null ? scope : range.bind(function, scope);
  }

  private ExpressionWriter expressions(Scope scope, Lanes lanes, List<Operand> reduced) {
    return new ExpressionWriter(function, scope, lanes, expr -> reduced.get(expr.reduction()));
  }

  // Lanes are points.

  private void lanes(Operand from, Operand to, Scope scope) {
    if (strip != null) {
      strip(from, to, scope);
      return;
    }
    vectors(
        from,
        to,
        scope,
        (scopes, lanes) ->
            storeAll(scopes, lanes, joined(scopes, scope, lanes, initial(scopes, lanes))));
  }

  /** Runs the body for some vectors at a time, which it is given as their first lanes' points. */
  private void vectors(Operand from, Operand to, Scope scope, BiConsumer<List<Scope>, Lanes> body) {
    Axis axis = vector.axis();
    new VectorLoop(writer, vector.lanes(), unroll)
        .write(
            from,
            to,
            List.of(),
            (starts, mask, none) -> {
              List<Scope> scopes = new ArrayList<>();
              starts.forEach(start -> scopes.add(scope.with(axis.name(), start, axis.extent())));
              body.accept(scopes, new Lanes(axis.name(), vector.lanes(), mask));
              return none;
            });
  }

  private List<Operand> initial(List<Scope> scopes, Lanes lanes) {
    List<Operand> initial = new ArrayList<>();
    for (Scope at : scopes) {
      ExpressionWriter expressions = expressions(at, lanes, List.of());
      nest.reductions().forEach(r -> initial.add(expressions.vector(r.initial())));
    }
    return initial;
  }

  /** The joins of a strip of columns, whose accumulators are in memory, row by row. */
  private void strip(Operand from, Operand to, Scope scope) {
    vectors(from, to, scope, (scopes, lanes) -> keep(from, scopes, lanes, initial(scopes, lanes)));
    reduceLoops(
        nest.reduce(),
        scope,
        List.of(),
        (row, none) -> {
          vectors(
              from,
              to,
              row,
              (scopes, lanes) -> keep(from, scopes, lanes, next(from, scopes, lanes)));
          return none;
        });
    vectors(from, to, scope, (scopes, lanes) -> storeAll(scopes, lanes, kept(from, scopes, lanes)));
  }

  private List<Operand> next(Operand from, List<Scope> scopes, Lanes lanes) {
    List<Operand> kept = kept(from, scopes, lanes);
    List<Operand> next = new ArrayList<>();
    for (int u = 0; u < scopes.size(); u++) {
      next.addAll(joinOnce(expressions(scopes.get(u), lanes, List.of()), null, u, kept));
    }
    return next;
  }

  private List<Operand> kept(Operand from, List<Scope> scopes, Lanes lanes) {
    List<Operand> values = new ArrayList<>();
    for (Scope at : scopes) {
      for (int r = 0; r < nest.reductions().size(); r++) {
        String type = LlvmTypes.value(nest.reductions().get(r).dtype());
        String vectorType = LlvmTypes.vector(type, lanes.count());
        Operand address = accumulator(from, at, r);
        values.add(
            lanes.mask() == null
                ? writer.load(vectorType, address)
                : writer.maskedLoad(vectorType, address, lanes.mask()));
      }
    }
    return values;
  }

  private void keep(Operand from, List<Scope> scopes, Lanes lanes, List<Operand> values) {
    int count = nest.reductions().size();
    for (int i = 0; i < values.size(); i++) {
      Operand address = accumulator(from, scopes.get(i / count), i % count);
      writer.storeLanes(values.get(i), address, lanes.mask());
    }
  }

  private Operand accumulator(Operand from, Scope at, int reduction) {
    Operand column = writer.subtract(at.values().get(vector.axis().name()), from);
    return strip.address(function, nest, reduction, column);
  }

  private List<Operand> joined(
      List<Scope> scopes, Scope scope, Lanes lanes, List<Operand> initial) {
    if (nest.reductions().isEmpty()) {
      return List.of();
    }
    return reduceLoops(
        nest.reduce(),
        scope,
        initial,
        (inner, carried) -> {
          List<Operand> next = new ArrayList<>();
          for (int u = 0; u < scopes.size(); u++) {
            String axis = vector.axis().name();
            Scope at = inner.with(axis, scopes.get(u).values().get(axis), vector.axis().extent());
            next.addAll(joinOnce(expressions(at, lanes, List.of()), null, u, carried));
          }
          return next;
        });
  }

  private List<Operand> reduceLoops(
      List<Axis> axes,
      Scope scope,
      List<Operand> initial,
      java.util.function.BiFunction<Scope, List<Operand>, List<Operand>> body) {
    if (range == null || !axes.contains(range.axis())) {
      return points.carrying(axes, scope, initial, body);
    }
    List<Axis> rest = PointLoops.without(axes, range.axis());
    return writer.loop(
        range.from(scope),
        range.to(scope),
        1,
        initial,
        (i, values) ->
            points.carrying(
                rest, scope.with(range.axis().name(), i, range.axis().extent()), values, body));
  }

  /** Joins one more value to the accumulators of a vector. */
  private List<Operand> joinOnce(
      ExpressionWriter expressions, Operand mask, int vectorNumber, List<Operand> carried) {
    List<Operand> next = new ArrayList<>();
    int count = nest.reductions().size();
    for (int r = 0; r < count; r++) {
      LoopNest.Reduction reduction = nest.reductions().get(r);
      Operand old = carried.get(vectorNumber * count + r);
      Operand value = writer.splat(expressions.vector(reduction.body()), old.lanes());
      if (mask != null) {
        value = writer.select(mask, value, identity(reduction, old.lanes()));
      }
      next.add(expressions.join(reduction.combiner().op(), reduction.dtype(), old, value));
    }
    return next;
  }

  private Operand identity(LoopNest.Reduction reduction, int lanes) {
    Expr identity = Identities.of(reduction.combiner(), reduction.dtype());
    return writer.splat(ExpressionWriter.literal(identity), lanes);
  }

  /** Computes all values before the first store, which may go over what another value reads. */
  private void storeAll(List<Scope> scopes, Lanes lanes, List<Operand> joined) {
    List<Runnable> stores = new ArrayList<>();
    int count = nest.reductions().size();
    for (int u = 0; u < scopes.size(); u++) {
      List<Operand> own = joined.isEmpty() ? joined : joined.subList(u * count, (u + 1) * count);
      ExpressionWriter expressions = expressions(scopes.get(u), lanes, own);
      Set<LoopNest.Store> done = new HashSet<>();
      for (LoopNest.Store store : nest.stores()) {
        LoopNest.Store next =
            lanes.axis() == null ? null : StoreTurns.following(nest, store, lanes.axis());
        Operand value = expressions.value(store.value());
        if (next != null) {
          Operand between = expressions.value(next.value());
          done.add(next);
          stores.add(() -> expressions.storeTurns(store.buffer(), store.index(), value, between));
        } else if (!done.contains(store)) {
          stores.add(() -> expressions.store(store.buffer(), store.index(), value));
        }
      }
    }
    stores.forEach(Runnable::run);
  }

  // Lanes are joined.

  private void point(Scope scope) {
    if (vector.axis() == null) {
      storeAll(List.of(scope), Lanes.NONE, List.of());
      return;
    }
    List<Operand> accumulators = new ArrayList<>();
    for (int u = 0; u < unroll; u++) {
      nest.reductions().forEach(r -> accumulators.add(identity(r, vector.lanes())));
    }
    List<Axis> outer = PointLoops.without(nest.reduce(), vector.axis());
    List<Operand> lanes = reduceLoops(outer, scope, accumulators, this::joinLane);
    ExpressionWriter expressions = expressions(scope, Lanes.NONE, List.of());
    List<Operand> finished = new ArrayList<>();
    for (int r = 0; r < nest.reductions().size(); r++) {
      finished.add(finished(expressions, lanes, r));
    }
    storeAll(List.of(scope), Lanes.NONE, finished);
  }

  private List<Operand> joinLane(Scope scope, List<Operand> carried) {
    Axis axis = vector.axis();
    boolean part = range != null && range.axis().equals(axis);
    Operand from = part ? range.from(scope) : Operand.i64(0);
    Operand to = part ? range.to(scope) : function.dim(axis.extent());
    return new VectorLoop(writer, vector.lanes(), unroll)
        .write(
            from,
            to,
            carried,
            (starts, mask, values) -> {
              List<Operand> next = new ArrayList<>();
              Lanes lanes = new Lanes(axis.name(), vector.lanes(), mask);
              for (int u = 0; u < starts.size(); u++) {
                Scope at = scope.with(axis.name(), starts.get(u), axis.extent());
                next.addAll(joinOnce(expressions(at, lanes, List.of()), mask, u, values));
              }
              return next;
            });
  }

  /** The initial value, joined with the accumulators in pairs, then with their lanes. */
  private Operand finished(ExpressionWriter expressions, List<Operand> lanes, int number) {
    LoopNest.Reduction reduction = nest.reductions().get(number);
    java.util.function.BinaryOperator<Operand> join =
        (a, b) -> expressions.join(reduction.combiner().op(), reduction.dtype(), a, b);
    List<Operand> own = new ArrayList<>();
    for (int u = 0; u < unroll; u++) {
      own.add(lanes.get(u * nest.reductions().size() + number));
    }
    while (own.size() > 1) {
      List<Operand> pairs = new ArrayList<>();
      for (int i = 0; i < own.size(); i += 2) {
        pairs.add(i + 1 < own.size() ? join.apply(own.get(i), own.get(i + 1)) : own.get(i));
      }
      own = pairs;
    }
    return join.apply(expressions.value(reduction.initial()), writer.joinLanes(own.get(0), join));
  }
}
