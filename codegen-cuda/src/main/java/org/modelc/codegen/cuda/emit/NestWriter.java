package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.List;
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
    String point = function.fresh("point");
    String first = "blockIdx.x * " + Points.BLOCK + "u + threadIdx.x";
    Points.each(
        function, point, first, Points.count(nest.parallel()), Points.BLOCK, () -> point(point));
    List<String> schedule = new ArrayList<>(List.of("a thread a point" + nest.parallel()));
    if (!nest.reduce().isEmpty()) {
      schedule.add("joins" + nest.reduce());
    }
    return function.finish(
        nest, schedule, Points.grid(Points.count(nest.parallel()), Points.BLOCK), Points.BLOCK);
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
    String point = function.fresh("point");
    String head = "for (unsigned $ = lane; $ < (unsigned) $; $ += $u)";
    out.open(head, point, point, function.dim(points), point, WARP);
    point(point);
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
    String step = function.fresh("step");
    String end = "(unsigned) " + function.dim(Points.count(nest.reduce()));
    out.block(
        "for (unsigned "
            + step
            + " = "
            + first
            + "; "
            + step
            + " < "
            + end
            + "; "
            + step
            + " += "
            + stride
            + "u)",
        () -> {
          Points.decode(function, step, nest.reduce());
          joinOnce();
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
      lines.add(writer.store(store.buffer(), store.index(), value));
    }
    lines.forEach(out::line);
  }
}
