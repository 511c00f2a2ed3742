package org.modelc.codegen.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.jvm.ProgramHarness.dim;
import static org.modelc.codegen.jvm.ProgramHarness.f32;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.StatementKernel;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

class JvmBackendTest {
  private static final Dim B = Dim.symbol("B");
  private static final Axis ROW = new Axis("i", B);

  private static Expr load(Buffer buffer, Axis... axes) {
    return new Expr.Load(buffer, java.util.Arrays.stream(axes).<Expr>map(Axis::variable).toList());
  }

  private static LoopNest.Store store(Buffer buffer, Expr value, Axis... axes) {
    return new LoopNest.Store(
        buffer, java.util.Arrays.stream(axes).<Expr>map(Axis::variable).toList(), value);
  }

  @Test
  void elementwiseRunsFlat() {
    Axis column = new Axis("j", dim(3));
    Buffer x = f32("x", B, dim(3));
    Buffer y = f32("y", B, dim(3));
    Expr value = Expr.apply(ScalarOp.MAXIMUM, load(x, ROW, column), new Expr.Const(DType.F32, 0));
    LoopNest nest =
        new LoopNest(
            "relu",
            List.of(ROW, column),
            List.of(),
            List.of(),
            List.of(store(y, value, ROW, column)),
            List.of());
    ProgramHarness harness =
        new ProgramHarness(ProgramHarness.program(List.of("B"), List.of(), nest));
    assertThat(harness.emitted.kernels().get(0)).contains("flatten");
    Map<String, Object> result =
        harness.run(Map.of("B", 2), Map.of("x", new float[] {1, -2, 3, -4, Float.NaN, 6}));
    assertThat((float[]) result.get("y")).containsExactly(1, 0, 3, 0, Float.NaN, 6);
  }

  /** A class's source names others without their packages. */
  @Test
  void buffersAndDimsMayBeCalledLikeClasses() {
    Dim rows = Dim.symbol("Grid");
    Axis row = new Axis("Float", rows);
    Buffer x = f32("Math", rows);
    Buffer y = f32("MatrixRows", rows);
    Expr value = Expr.apply(ScalarOp.MAXIMUM, load(x, row), new Expr.Const(DType.F32, Double.NaN));
    LoopNest nest =
        new LoopNest(
            "run", List.of(row), List.of(), List.of(), List.of(store(y, value, row)), List.of());
    ProgramHarness harness =
        new ProgramHarness(ProgramHarness.program(List.of("Grid"), List.of(), nest));
    assertThat(harness.emitted.source())
        .contains("import org.modelc.runtime.kernels.Grid;", "Math.max(")
        .doesNotContain("= org.modelc");
    Map<String, Object> result = harness.run(Map.of("Grid", 2), Map.of("Math", new float[] {1, 2}));
    assertThat((float[]) result.get("MatrixRows")).containsExactly(Float.NaN, Float.NaN);
  }

  /** 1×5 + 2×7 + 3×9 = 46 and so on by hand; bias (10, −200), then relu. */
  @Test
  void matmulWithBiasAndRelu() {
    Axis column = new Axis("j", dim(2));
    Axis inner = new Axis("k", dim(3));
    Buffer x = f32("x", B, dim(3));
    Buffer w = f32("w", dim(3), dim(2));
    Buffer bias = f32("bias", dim(2));
    Buffer y = f32("y", B, dim(2));
    LoopNest.Reduction sum =
        new LoopNest.Reduction(
            Combiner.SUM,
            new Expr.Const(DType.F32, 0),
            load(x, ROW, inner).times(load(w, inner, column)));
    Expr shifted = LoopNest.reduced(0, DType.F32).plus(load(bias, column));
    Expr value = Expr.apply(ScalarOp.MAXIMUM, shifted, new Expr.Const(DType.F32, 0));
    LoopNest nest =
        new LoopNest(
            "dense",
            List.of(ROW, column),
            List.of(inner),
            List.of(sum),
            List.of(store(y, value, ROW, column)),
            List.of());
    ProgramHarness harness =
        new ProgramHarness(ProgramHarness.program(List.of("B"), List.of(), nest));
    Map<String, Object> result =
        harness.run(
            Map.of("B", 2),
            Map.of(
                "x", new float[] {1, 2, 3, 4, 5, 6},
                "w", new float[] {5, 6, 7, 8, 9, 10},
                "bias", new float[] {10, -200}));
    assertThat((float[]) result.get("y")).containsExactly(56, 0, 119, 0);
  }

  @Test
  void guardedLoadsStayInsideTheirGuard() {
    Buffer x = f32("x", B);
    Buffer y = f32("y", B);
    Expr before = ROW.variable().minus(Expr.integer(1));
    Expr value =
        Expr.select(
            Expr.apply(ScalarOp.GREATER, ROW.variable(), Expr.integer(0)),
            new Expr.Load(x, List.of(before)),
            new Expr.Const(DType.F32, 7));
    LoopNest nest =
        new LoopNest(
            "shift", List.of(ROW), List.of(), List.of(), List.of(store(y, value, ROW)), List.of());
    ProgramHarness harness =
        new ProgramHarness(ProgramHarness.program(List.of("B"), List.of(), nest));
    Map<String, Object> result = harness.run(Map.of("B", 3), Map.of("x", new float[] {1, 2, 3}));
    assertThat((float[]) result.get("y")).containsExactly(7, 1, 2);
  }

  @Test
  void statementsScatterAfterAParallelFill() {
    Buffer index = new Buffer("index", DType.I32, List.of(B));
    Buffer y = f32("y", dim(4));
    Expr target = new Expr.Load(index, List.of(ROW.variable()));
    Stmt fill =
        Stmt.loop(
            Stmt.Kind.PARALLEL,
            "c",
            Expr.integer(4),
            new Stmt.Store(y, List.of(new Expr.Var("c", DType.I32)), new Expr.Const(DType.F32, 0)));
    Stmt scatter =
        Stmt.loop(
            Stmt.Kind.SERIAL,
            "i",
            Expr.size(B),
            new Stmt.Store(
                y,
                List.of(target),
                new Expr.Load(y, List.of(target)).plus(new Expr.Const(DType.F32, 1))));
    StatementKernel kernel =
        new StatementKernel("count", Stmt.seq(fill, scatter), List.of(), List.of());
    ProgramHarness harness =
        new ProgramHarness(ProgramHarness.program(List.of("B"), List.of(), kernel));
    Map<String, Object> result =
        harness.run(Map.of("B", 5), Map.of("index", new int[] {3, 1, 3, 0, 3}));
    assertThat((float[]) result.get("y")).containsExactly(1, 1, 0, 3);
    assertThat(harness.emitted.source()).contains("if (worker == 0) count");
  }
}
