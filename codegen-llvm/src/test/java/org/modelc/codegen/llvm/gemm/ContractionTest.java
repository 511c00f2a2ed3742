package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.modelc.codegen.llvm.gemm.CompiledNests.dim;
import static org.modelc.codegen.llvm.gemm.Products.random;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

class ContractionTest {
  private static final double TOLERANCE = 2e-5;

  private static final int[][] SHAPES = {
    {1, 1, 1},
    {3, 5, 7},
    {1, 207, 13},
    {131, 13, 37},
    {13, 131, 16},
    {7, 29, 600},
    {70, 33, 530},
    {64, 10, 128},
    {207, 64, 13},
    {2, 2, 200}
  };

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64"})
  void matmulInEveryTransposition(DType dtype) {
    for (IsaLevel level : NativeFunction.runnable()) {
      check(level, dtype);
    }
  }

  @Test
  void shapesKnownOnlyAtACall() {
    agree(
        List.of("B"),
        bound("B", 1, 2, 7, 14, 15, 29, 63, 64, 207),
        Products.matmul(
            "", DType.F32, Dim.symbol("B"), dim(37), dim(29), false, false, Products::reluOfBias));
  }

  @Test
  void productsOfSymbols() {
    agree(
        List.of("K", "M", "N"),
        List.of(
            Map.of("M", 1, "N", 1, "K", 1),
            Map.of("M", 65, "N", 35, "K", 13),
            Map.of("M", 7, "N", 207, "K", 3)),
        Products.matmul(
            "",
            DType.F32,
            Dim.symbol("M"),
            Dim.symbol("N"),
            Dim.symbol("K"),
            true,
            true,
            (sum, i, j) -> sum));
  }

  /** Sums that wait for their last steps, in the output itself and beside it. */
  @Test
  void depthsThatAreCut() {
    Dim depth = Dim.symbol("K");
    agree(
        List.of("K"),
        bound("K", 1, 1024, 1100),
        Products.matmul("p", DType.F32, dim(17), dim(9), depth, true, true, Products::reluOfBias),
        Products.matmul("q", DType.F32, dim(3), dim(5), depth, false, true, (sum, i, j) -> sum),
        Products.matmul("r", DType.F32, dim(131), dim(37), depth, true, false, (sum, i, j) -> sum),
        Products.expressions(dim(5), dim(7), depth));
  }

  /** Attention's products: heads lie between the steps of time and a head's own elements. */
  @ParameterizedTest
  @CsvSource({"2,3,13,7", "1,2,67,32", "3,1,4,5"})
  void batchesWithStrides(int batch, int heads, int time, int width) {
    agree(
        List.of(),
        List.of(Map.of()),
        Products.scores(dim(batch), dim(heads), dim(time), dim(width)));
    agree(
        List.of("T"),
        bound("T", time),
        Products.scores(dim(batch), dim(heads), Dim.symbol("T"), dim(width)));
  }

  @Test
  void factorsThatAreExpressionsAndSeveralStores() {
    agree(List.of(), List.of(Map.of()), Products.expressions(dim(13), dim(35), dim(17)));
    agree(List.of(), List.of(Map.of()), Products.expressions(dim(70), dim(7), dim(5)));
  }

  /** Depths that are one part and several, a last panel that is not whole, one row and many. */
  @ParameterizedTest
  @CsvSource({"33,29", "300,600"})
  void rightFactorsInPanels(int columns, int depth) {
    for (IsaLevel level : NativeFunction.runnable()) {
      List<LoopNest> nests = new ArrayList<>();
      for (Dim rows : List.of(Dim.symbol("B"), dim(1))) {
        nests.add(panels(level, "p" + rows, rows, columns, depth, Products::reluOfBias));
        nests.add(panels(level, "q" + rows, rows, columns, depth, (sum, i, j) -> sum));
      }
      CompiledNests program =
          new CompiledNests(level, List.of("B"), nests.toArray(LoopNest[]::new));
      // The panels are as wide as the level's registers, so each level has its own sums.
      agree(List.of(program), bound("B", 1, 2, 15));
    }
  }

  private static LoopNest panels(
      IsaLevel level, String name, Dim rows, int columns, int depth, Products.Finish finish) {
    int width = RegisterTile.of(NativePlatform.host().target(level), DType.F32).columns();
    return Products.packed(
        Products.matmul(name, DType.F32, rows, dim(columns), dim(depth), false, false, finish),
        width);
  }

  @Test
  void windowsOfAPaddedPicture() {
    agree(List.of(), List.of(Map.of()), Products.convolution(2, 3, 9, 3, 5));
    agree(List.of(), List.of(Map.of()), Products.convolution(1, 1, 4, 3, 33));
  }

  private static List<Map<String, Integer>> bound(String name, int... values) {
    return IntStream.of(values).mapToObj(value -> Map.of(name, value)).toList();
  }

  private static void agree(
      List<String> names, List<Map<String, Integer>> calls, LoopNest... nests) {
    agree(CompiledNests.ofAllLevels(names, nests), calls);
  }

  private static void agree(List<CompiledNests> levels, List<Map<String, Integer>> calls) {
    for (CompiledNests nests : levels) {
      assertThat(nests.emitted.kernels()).first().asString().contains("contraction");
    }
    calls.forEach(dims -> CompiledNests.assertAgree(levels, dims, TOLERANCE));
  }

  /** Products of factors turned round and not, against sums in f64. */
  private static void check(IsaLevel level, DType dtype) {
    List<LoopNest> products = new ArrayList<>();
    Map<String, double[]> inputs = new HashMap<>();
    for (int[] shape : SHAPES) {
      for (int turned = 0; turned < 4; turned++) {
        String name = name(shape, turned);
        products.add(
            Products.matmul(
                name,
                dtype,
                dim(shape[0]),
                dim(shape[1]),
                dim(shape[2]),
                (turned & 1) != 0,
                (turned & 2) != 0,
                (sum, i, j) -> sum));
        inputs.put(name + "a", random(shape[0] * shape[2], 1));
        inputs.put(name + "b", random(shape[2] * shape[1], 2));
      }
    }
    CompiledNests nests = new CompiledNests(level, List.of(), products.toArray(LoopNest[]::new));
    Map<String, double[]> found = nests.run(Map.of(), inputs);
    for (int[] shape : SHAPES) {
      for (int turned = 0; turned < 4; turned++) {
        String name = name(shape, turned);
        double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
        assertSums(
            found.get(name + "c"),
            inputs.get(name + "a"),
            inputs.get(name + "b"),
            shape,
            turned,
            unit);
      }
    }
  }

  private static String name(int[] shape, int turned) {
    return "p" + shape[0] + "x" + shape[1] + "x" + shape[2] + "t" + turned;
  }

  private static void assertSums(
      double[] z, double[] x, double[] y, int[] shape, int turned, double unit) {
    int m = shape[0];
    int n = shape[1];
    int k = shape[2];
    for (int p = 0; p < m; p++) {
      for (int q = 0; q < n; q++) {
        double expected = 0;
        double size = 0;
        for (int r = 0; r < k; r++) {
          double u = (turned & 1) != 0 ? x[r * m + p] : x[p * k + r];
          double v = (turned & 2) != 0 ? y[q * k + r] : y[r * n + q];
          expected += u * v;
          size += Math.abs(u * v);
        }
        if (Math.abs(z[p * n + q] - expected) > (k + 1) * unit * size + 1e-30) {
          fail("%s at %d,%d: %s, not %s", name(shape, turned), p, q, z[p * n + q], expected);
        }
      }
    }
  }
}
