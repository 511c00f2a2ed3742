package org.modelc.passes.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.runtime.spec.DType;

/** Factors of low rank: by hand, and as numpy's decomposition has them (testkit/fixtures). */
class LowRankFactorsTest {
  @Test
  void singularValuesByHand() {
    // AᵀA of [[3, 0], [4, 5]] is [[25, 20], [20, 25]]: 45 and 5.
    SingularValues found = SingularValues.of(new double[][] {{3, 4}, {0, 5}});
    assertThat(found.values()[0]).isCloseTo(Math.sqrt(45), within(1e-14));
    assertThat(found.values()[1]).isCloseTo(Math.sqrt(5), within(1e-14));
  }

  @Test
  void zerosAndColumnsThatAreAlike() {
    assertThat(SingularValues.of(new double[][] {{0, 0}, {0, 0}}).values()).containsExactly(0, 0);
    LowRankFactors zeros = LowRankFactors.of(Array.zeros(DType.F32, 3, 2), 0.1);
    assertThat(zeros.rank()).isEqualTo(1);
    assertThat(zeros.error()).isZero();
    // Rank one: (1, 2) · (3, 0, -4)ᵀ.
    Array weight = Array.f32(new int[] {2, 3}, 3, 0, -4, 6, 0, -8);
    LowRankFactors one = LowRankFactors.of(weight, 1e-6);
    assertThat(one.rank()).isEqualTo(1);
    assertThat(product(one)).containsExactly(weight.data(), within(1e-6));
  }

  private static double[] product(LowRankFactors factors) {
    int columns = factors.right().shape()[1];
    double[] product = new double[factors.left().shape()[0] * columns];
    for (int i = 0; i < product.length; i++) {
      for (int k = 0; k < factors.rank(); k++) {
        product[i] += factors.left().at(i / columns, k) * factors.right().at(k, i % columns);
      }
    }
    return product;
  }

  /** The matrix of testkit/fixtures/compression.py. */
  private static Array matrix(int rows, int columns, double factor) {
    Array matrix = Array.zeros(DType.F32, rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double place = i * columns + j;
        double smooth = (i + 1.0) * (j + 2) / (rows * columns);
        matrix.set((float) (factor * Math.sin(1 + place * place) + smooth), i, j);
      }
    }
    return matrix;
  }

  @Test
  void ranksAndErrorsAreThoseOfNumpy() throws IOException {
    int count = 0;
    for (double[] line : fixture()) {
      int rows = (int) line[0];
      int columns = (int) line[1];
      Array weight = matrix(rows, columns, count % 2 == 0 ? 1 : 0.01);
      LowRankFactors factors = LowRankFactors.of(weight, line[2]);
      assertThat(factors.rank()).as(rows + "x" + columns).isEqualTo((int) line[3]);
      assertThat(factors.error()).isCloseTo(line[4], within(1e-6));
      double[] difference = product(factors);
      double lost = 0;
      double whole = 0;
      for (int i = 0; i < difference.length; i++) {
        lost += Math.pow(difference[i] - weight.data()[i], 2);
        whole += Math.pow(weight.data()[i], 2);
      }
      assertThat(Math.sqrt(lost / whole)).isCloseTo(line[4], within(1e-6));
      count++;
    }
    assertThat(count).isEqualTo(6);
  }

  private static List<double[]> fixture() throws IOException {
    try (InputStream file = LowRankFactorsTest.class.getResourceAsStream("low_rank.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray())
          .toList();
    }
  }

  @Test
  void factorsSaveWorkOnlyWhereTheyAreFewMultiplyAdds() {
    // 4 · 4 products; of rank 1 they are 4 + 4, of rank 2 as many as before.
    Array one = Array.f32(new int[] {4, 4}, 1, 2, 3, 4, 2, 4, 6, 8, 0, 0, 0, 0, 1, 2, 3, 4);
    assertThat(LowRankFactors.of(one, 0.01).savesWork()).isTrue();
    Array two = Array.f32(new int[] {4, 4}, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(LowRankFactors.of(two, 0.01).savesWork()).isFalse();
  }

  @Test
  void productsAreTakenInTwoSteps() {
    Graph program =
        GraphParser.parse(
            """
            graph predict(%x: f32[B, 2] input, %a: f32[2, 3] parameter, %b: f32[3, 3] parameter) {
              %0 = matmul(%x, %a)
              %1 = matmul(%0, %b)
              %2 = add(%b, %b)
              return y = %1
              return z = %2
            }
            """);
    // b is read by another op too.
    assertThat(FactorProducts.possible(List.of(program))).containsExactly("a");
    Graph factored = FactorProducts.of(program, Map.of("a", 1));
    assertThat(factored.input("a")).isNull();
    assertThat(factored.input("a.left").value().tensor()).hasToString("f32[2, 1]");
    Map<String, Array> inputs =
        Map.of(
            "x", Array.f32(new int[] {1, 2}, 1, 10),
            "a.left", Array.f32(new int[] {2, 1}, 1, 2),
            "a.right", Array.f32(new int[] {1, 3}, 3, 0, -4),
            "b", Array.f32(new int[] {3, 3}, 1, 0, 0, 0, 1, 0, 0, 0, 1));
    Array y = GraphInterpreter.run(factored, inputs, GraphInterpreter.Precision.TYPED).get("y");
    // (1 · 1 + 10 · 2) · (3, 0, -4).
    assertThat(y.data()).containsExactly(63, 0, -84);
  }
}
