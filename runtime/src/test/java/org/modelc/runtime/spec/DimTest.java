package org.modelc.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dims against plain arithmetic on the values of their symbols. */
class DimTest {
  private static Dim random(Random random, int depth) {
    if (depth == 0) {
      return random.nextBoolean()
          ? Dim.constant(random.nextInt(7) - 3)
          : Dim.symbol(List.of("B", "T", "N").get(random.nextInt(3)));
    }
    Dim left = random(random, depth - 1);
    Dim right = random(random, depth - 1);
    return switch (random.nextInt(3)) {
      case 0 -> left.plus(right);
      case 1 -> left.minus(right);
      default -> left.times(right);
    };
  }

  @Test
  void arithmeticIsThatOfTheValues() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      Dim a = random(random, 2);
      Dim b = random(random, 2);
      Map<String, Integer> values =
          Map.of("B", random.nextInt(9), "T", random.nextInt(9), "N", random.nextInt(9));
      long x = a.evaluate(values);
      long y = b.evaluate(values);
      assertThat(a.plus(b).evaluate(values)).isEqualTo(x + y);
      assertThat(a.minus(b).evaluate(values)).isEqualTo(x - y);
      assertThat(a.times(b).evaluate(values)).isEqualTo(x * y);
      assertThat(Dim.parse(a.toString())).isEqualTo(a);
      assertThat(a.plus(b)).isEqualTo(b.plus(a)).hasSameHashCodeAs(b.plus(a));
      if (!b.is(0)) {
        assertThat(a.times(b).dividedExactly(b)).isEqualTo(a);
      }
    }
  }

  @Test
  void formulasEvaluateWhatDimsDo() {
    Dim dim = Dim.parse("4*B*T - 3*N + 2");
    assertThat(dim.evaluate(Map.of("B", 5, "T", 7, "N", 1))).isEqualTo(139);
    assertThat(dim.symbols()).containsExactly("B", "N", "T");
    assertThat(dim.toString()).isEqualTo("4*B*T - 3*N + 2");
  }

  @Test
  void overflowAndUnboundSymbolsAreErrors() {
    Dim dim = Dim.symbol("B").times(Dim.symbol("B")).times(Dim.symbol("B"));
    assertThatThrownBy(() -> dim.evaluate(Map.of("B", Integer.MAX_VALUE)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> dim.evaluate(Map.of())).hasMessage("dim B has no value");
    assertThatThrownBy(dim::value).hasMessage("dim B*B*B is known only at a call");
    assertThat(Dim.symbol("B").plus(1).dividedExactly(Dim.symbol("B"))).isNull();
  }
}
