package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.llvm.gemm.CompiledNests.dim;
import static org.modelc.codegen.llvm.gemm.Products.buffer;
import static org.modelc.codegen.llvm.gemm.Products.load;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Expressions that follow a product's sums, and what is fetched for them. */
class EpilogueTest {
  private static final int COLUMNS = 70;

  static Stream<IsaLevel> levels() {
    return NativeFunction.runnable().stream();
  }

  /** {@code sum + residual[row, column]}. */
  private static Expr plusResidual(Expr sum, Axis row, Axis column) {
    Expr residual =
        load(
            buffer("residual", DType.F32, row.extent(), column.extent()),
            row.variable(),
            column.variable());
    return sum.plus(residual);
  }

  private static LoopNest product(Dim rows, int columns, Products.Finish finish) {
    return Products.matmul("", DType.F32, rows, dim(columns), dim(45), false, false, finish);
  }

  private static long fetches(Products.Finish finish) {
    String text =
        new LlvmBackend()
            .emit(
                CompiledNests.program(List.of(), product(dim(40), 64, finish)),
                "test",
                NativePlatform.LINUX_X86_64.target(IsaLevel.X86_64_V4))
            .llvm();
    int begin = text.indexOf("@product(");
    String function = text.substring(begin, text.indexOf("\n}\n", begin));
    return function.lines().filter(line -> line.contains("call void @llvm.prefetch")).count();
  }

  /** Two lines of 32 columns of what is read in rows, two of what is written then. */
  @Test
  void whatIsReadInRowsIsFetchedBeforeTheSums() {
    long lines = fetches(EpilogueTest::plusResidual);
    assertThat(lines).isPositive();
    assertThat(lines % 4).isZero();
    assertThat(fetches(Products::reluOfBias)).isZero();
    assertThat(fetches((sum, i, j) -> sum)).isZero();
  }

  @ParameterizedTest
  @MethodSource("levels")
  void aResidualIsAdded(IsaLevel level) {
    Dim rows = Dim.symbol("B");
    CompiledNests nests =
        new CompiledNests(level, List.of("B"), product(rows, COLUMNS, EpilogueTest::plusResidual));
    for (int count : new int[] {1, 2, 14, 29}) {
      Map<String, double[]> inputs =
          Map.of(
              "a", Products.random(count * 45, 1),
              "b", Products.random(45 * COLUMNS, 2),
              "residual", Products.random(count * COLUMNS, 3));
      Map<String, Integer> dims = Map.of("B", count);
      nests.assertAgrees(dims, inputs, nests.interpreted(dims, inputs), 1e-4);
    }
  }
}
