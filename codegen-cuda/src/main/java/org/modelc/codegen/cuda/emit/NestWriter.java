package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Identities;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * Writes a nest that no template takes: a thread a point, or a warp or a block a point where
 * neighbouring elements are joined.
 */
public final class NestWriter {
  private static final int WARP = 32;
  private static final int WARPS = Points.BLOCK / WARP;

  private final LoopNest nest;
  private final KernelFunction function;
  private final SourceText out;
  private final List<String> accumulators = new ArrayList<>();

  NestWriter(LoopNest nest, KernelFunction function) {
    this.nest = nest;
    this.function = function;
    this.out = function.out();
  }

  /** The kernel of a nest, which has been collapsed. */
  public static Phase write(LoopNest nest, ProgramWriter program) {
    NestWriter writer = new NestWriter(nest, program.function());
    return switch (JoinWidth.of(nest)) {
      case THREAD -> writer.threads();
      case WARP -> writer.warps();
      case BLOCK -> writer.blocks();
    };
  }

  // A thread a point.

  private Phase threads() {
    Neighbours neighbours = neighbours();
    boolean isByFour = neighbours != null;
    Dim count = Points.count(nest.parallel());
    Dim taken = isByFour ? count.dividedExactly(Dim.constant(Neighbours.FOUR)) : count;
    String point = function.fresh(isByFour ? "four" : "point");
    String first = "blockIdx.x * " + Points.BLOCK + "u + threadIdx.x";
    Points.each(function, point, first, taken, Points.BLOCK, () -> pointOr(neighbours, point));
    List<String> schedule = new ArrayList<>();
    schedule.add((isByFour ? "a thread four points" : "a thread a point") + nest.parallel());
    if (!nest.reduce().isEmpty()) {
      schedule.add("joins" + nest.reduce());
    }
    return function.finish(nest, schedule, Points.grid(taken, Points.BLOCK), Points.BLOCK);
  }

  /** The points that a thread takes at once, or null for one. */
  private Neighbours neighbours() {
    if (!nest.reduce().isEmpty()) {
      return null;
    }
    List<Expr> values = nest.stores().stream().map(LoopNest.Store::value).toList();
    return Neighbours.of(function, nest.parallel(), List.of(), values);
  }

  private void pointOr(Neighbours neighbours, String point) {
    if (neighbours == null) {
      point(point);
      return;
    }
    String first = function.fresh("point");
    out.line("const unsigned $ = $ * 4u;", first, point);
    Points.decode(function, first, nest.parallel(), true);
    Map<LoopNest.Store, String> fours = new IdentityHashMap<>();
    List<String> after = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      if (neighbours.areSideBySide(store.buffer(), store.index())) {
        String type = CudaTypes.storage(store.buffer().dtype());
        String pointer = function.writable(store.buffer());
        String address = function.fresh(pointer + "_at");
        String four = function.fresh(pointer + "_new");
        out.line(
            type
                + "* const "
                + address
                + " = "
                + neighbours.address(store.buffer(), store.index())
                + ";");
        out.line(type + " " + four + "[" + Neighbours.FOUR + "];");
        fours.put(store, four);
        after.add(function.prelude().call("store_four", address, four) + ";");
      }
    }
    neighbours.each(number -> stores(fours, number));
    after.forEach(out::line);
  }

  private void point(String point) {
    Points.decode(function, point, nest.parallel());
    declare(number -> nest.reductions().get(number).initial());
    loops(nest.reduce(), 0);
    stores();
  }

  private void loops(List<Axis> axes, int depth) {
    if (depth == axes.size()) {
      if (!axes.isEmpty()) {
        joinOnce();
      }
      return;
    }
    Axis axis = axes.get(depth);
    function.within(axis);
    String name = function.variable(axis.name());
    String end = function.dim(axis.extent());
    out.block(
        "for (int " + name + " = 0; " + name + " < " + end + "; " + name + "++)",
        () -> loops(axes, depth + 1));
  }

  // Lanes join what they took in strides.

  private Phase warps() {
    out.line("const unsigned lane = threadIdx.x % " + WARP + "u;");
    String point = function.fresh("point");
    String first = "blockIdx.x * " + WARPS + "u + threadIdx.x / " + WARP + "u";
    Points.each(
        function,
        point,
        first,
        Points.count(nest.parallel()),
        WARPS,
        () -> {
          strided(point, "lane", WARP);
          join(WARP);
          withInitial();
          out.block("if (lane == 0)", this::stores);
        });
    return function.finish(
        nest,
        List.of("a warp a point" + nest.parallel(), "lanes join" + nest.reduce()),
        Points.grid(Points.count(nest.parallel()), WARPS),
        Points.BLOCK);
  }

  /** The nest as part of a row that a warp computes: lanes take points, or join one. */
  void alongLanes() {
    Dim points = Points.count(nest.parallel());
    if (!nest.reduce().isEmpty() && points.is(1)) {
      strided("0u", "lane", WARP);
      join(WARP);
      withInitial();
      out.block("if (lane == 0)", this::stores);
      return;
    }
    boolean isLong = points.isStatic() && points.value() >= Neighbours.FOUR * WARP;
    Neighbours neighbours = isLong ? neighbours() : null;
    Dim taken = neighbours == null ? points : points.dividedExactly(Dim.constant(Neighbours.FOUR));
    String point = function.fresh(neighbours == null ? "point" : "four");
    String head = "for (unsigned $ = lane; $ < (unsigned) $; $ += $u)";
    out.open(head, point, point, function.dim(taken), point, WARP);
    pointOr(neighbours, point);
    out.close();
  }

  private Phase blocks() {
    out.line("const unsigned lane = threadIdx.x % " + WARP + "u;");
    out.line("const unsigned warp = threadIdx.x / " + WARP + "u;");
    List<String> shared = new ArrayList<>();
    for (LoopNest.Reduction reduction : nest.reductions()) {
      shared.add(function.shared("joined", reduction.dtype(), WARPS));
    }
    String point = function.fresh("point");
    Points.each(
        function,
        point,
        "blockIdx.x",
        Points.count(nest.parallel()),
        1,
        () -> {
          strided(point, "threadIdx.x", Points.BLOCK);
          join(WARP);
          joinWarps(shared);
          withInitial();
          out.block("if (threadIdx.x == 0)", this::stores);
        });
    return function.finish(
        nest,
        List.of("a block a point" + nest.parallel(), "threads join" + nest.reduce()),
        Points.grid(Points.count(nest.parallel()), 1),
        Points.BLOCK);
  }

  private void strided(String point, String first, int stride) {
    Points.decode(function, point, nest.parallel());
    declare(
        number -> {
          LoopNest.Reduction reduction = nest.reductions().get(number);
          return Identities.of(reduction.combiner(), reduction.dtype());
        });
    Dim steps = Points.count(nest.reduce());
    boolean isLong = steps.isStatic() && steps.value() >= (long) Neighbours.FOUR * stride;
    List<Expr> bodies = nest.reductions().stream().map(LoopNest.Reduction::body).toList();
    Neighbours neighbours =
        isLong ? Neighbours.of(function, nest.reduce(), nest.parallel(), bodies) : null;
    int each = neighbours == null ? 1 : Neighbours.FOUR;
    String step = function.fresh("step");
    String end = "(unsigned) " + function.dim(steps);
    out.block(
        "for (unsigned "
            + step
            + " = "
            + first
            + (each == 1 ? "" : " * " + each + "u")
            + "; "
            + step
            + " < "
            + end
            + "; "
            + step
            + " += "
            + stride * each
            + "u)",
        () -> {
          Points.decode(function, step, nest.reduce(), each > 1);
          if (neighbours == null) {
            joinOnce();
          } else {
            neighbours.each(number -> joinOnce());
          }
        });
  }

  /** Joins lanes in pairs, so that each has the same bits. */
  private void join(int lanes) {
    out.block(
        "for (int bit = " + lanes / 2 + "; bit > 0; bit /= 2)",
        () -> {
          for (int i = 0; i < accumulators.size(); i++) {
            String own = accumulators.get(i);
            assign(i, function.prelude().call("exchange", own, "bit"));
          }
        });
  }

  private void joinWarps(List<String> shared) {
    out.open("if (lane == 0)");
    for (int i = 0; i < shared.size(); i++) {
      out.line(shared.get(i) + "[warp] = " + stored(i) + ";");
    }
    out.close();
    out.line("__syncthreads();");
    for (int i = 0; i < shared.size(); i++) {
      out.line(
          accumulators.get(i) + " = " + loaded(i, shared.get(i) + "[lane % " + WARPS + "u]") + ";");
    }
    join(WARPS);
    // The next point's sums may not come before all have read these.
    out.line("__syncthreads();");
  }

  private String stored(int number) {
    return CudaTypes.store(
        nest.reductions().get(number).dtype(), accumulators.get(number), function.prelude());
  }

  private String loaded(int number, String element) {
    return CudaTypes.load(nest.reductions().get(number).dtype(), element, function.prelude());
  }

  private void withInitial() {
    for (int i = 0; i < accumulators.size(); i++) {
      LoopNest.Reduction reduction = nest.reductions().get(i);
      String initial = ExpressionWriter.value(function, reduction.initial());
      ExpressionWriter writer = new ExpressionWriter(function);
      out.line(
          accumulators.get(i)
              + " = "
              + writer.join(
                  reduction.combiner().op(), reduction.dtype(), initial, accumulators.get(i))
              + ";");
    }
  }

  // Accumulators.

  private void declare(IntFunction<Expr> first) {
    for (int i = 0; i < nest.reductions().size(); i++) {
      String value = ExpressionWriter.value(function, first.apply(i));
      String name = function.fresh("r" + i);
      accumulators.add(name);
      out.line(
          CudaTypes.value(nest.reductions().get(i).dtype()) + " " + name + " = " + value + ";");
    }
  }

  private void joinOnce() {
    ExpressionWriter writer = new ExpressionWriter(function);
    nest.reductions().forEach(reduction -> writer.expect(reduction.body()));
    List<String> values = new ArrayList<>();
    nest.reductions().forEach(reduction -> values.add(writer.print(reduction.body())));
    for (int i = 0; i < values.size(); i++) {
      assign(i, values.get(i));
    }
  }

  private void assign(int number, String value) {
    LoopNest.Reduction reduction = nest.reductions().get(number);
    String own = accumulators.get(number);
    String joined =
        new ExpressionWriter(function)
            .join(reduction.combiner().op(), reduction.dtype(), own, value);
    out.line(own + " = " + joined + ";");
  }

  /** Computes all values before the first store, which may go over what another value reads. */
  private void stores() {
    stores(Map.of(), "");
  }

  /**
   * As {@link #stores()}.
   *
   * @param fours the arrays that take what some stores have of four points
   * @param number the point's among those
   */
  private void stores(Map<LoopNest.Store, String> fours, String number) {
    ExpressionWriter writer =
        new ExpressionWriter(function, reduced -> accumulators.get(reduced.reduction()));
    for (LoopNest.Store store : nest.stores()) {
      writer.expect(store.value());
      store.index().forEach(writer::expect);
    }
    List<String> lines = new ArrayList<>();
    for (LoopNest.Store store : nest.stores()) {
      String value = writer.print(store.value());
      if (nest.stores().size() > 1) {
        String name = function.fresh("s");
        out.line(
            "const " + CudaTypes.value(store.value().dtype()) + " " + name + " = " + value + ";");
        value = name;
      }
      String four = fours.get(store);
      lines.add(
          four == null
              ? writer.store(store.buffer(), store.index(), value)
              : four + "[" + number + "] = " + value + ";");
    }
    lines.forEach(out::line);
  }
}
