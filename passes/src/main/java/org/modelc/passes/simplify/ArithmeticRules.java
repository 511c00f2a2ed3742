package org.modelc.passes.simplify;

import static org.modelc.passes.simplify.Pattern.any;
import static org.modelc.passes.simplify.Pattern.number;
import static org.modelc.passes.simplify.Pattern.op;

import java.util.List;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Negate;
import org.modelc.ir.ops.Sqrt;
import org.modelc.ir.ops.Subtract;

/** Sums, products and powers. */
final class ArithmeticRules {
  private ArithmeticRules() {}

  static final List<Rule> ALL =
      List.of(
          Rule.of("x + 0 = x", op("add", any("x"), number(0)), m -> m.value("x")),
          Rule.of("0 + x = x", op("add", number(0), any("x")), m -> m.value("x")),
          Rule.of("x + x = 2x", op("add", any("x"), any("x")), m -> times(m, m.value("x"), 2)),
          Rule.of(
              "x + -y = x - y",
              op("add", any("x"), op("negate", any("y"))),
              m -> Subtract.of(m.builder(), m.value("x"), m.value("y"))),
          Rule.of(
              "-x + y = y - x",
              op("add", op("negate", any("x")), any("y")),
              m -> Subtract.of(m.builder(), m.value("y"), m.value("x"))),
          Rule.of("x - 0 = x", op("subtract", any("x"), number(0)), m -> m.value("x")),
          Rule.of(
              "0 - x = -x",
              op("subtract", number(0), any("x")),
              m -> Negate.of(m.builder(), m.value("x"))),
          Rule.of(
              "x - -y = x + y",
              op("subtract", any("x"), op("negate", any("y"))),
              m -> Add.of(m.builder(), m.value("x"), m.value("y"))),
          Rule.of("x * 1 = x", op("multiply", any("x"), number(1)), m -> m.value("x")),
          Rule.of("1 * x = x", op("multiply", number(1), any("x")), m -> m.value("x")),
          Rule.of(
              "x * -1 = -x",
              op("multiply", any("x"), number(-1)),
              m -> Negate.of(m.builder(), m.value("x"))),
          Rule.of(
              "-x * c = x * -c",
              op("multiply", op("negate", any("x")), number("c")),
              m -> times(m, m.value("x"), -m.number("c"))),
          Rule.of(
              "(x * c) * d = x * cd, c or d a power of two",
              op("multiply", op("multiply", any("x"), number("c")), number("d")),
              m ->
                  isScale(m.number("c")) || isScale(m.number("d"))
                      ? times(m, m.value("x"), m.number("c") * m.number("d"))
                      : null),
          Rule.of(
              "c * x = x * c",
              op("multiply", number("c"), any("x")),
              m ->
                  m.number(m.value("x")) == null
                      ? Multiply.of(m.builder(), m.value("x"), m.value("c"))
                      : null),
          Rule.of("x / 1 = x", op("divide", any("x"), number(1)), m -> m.value("x")),
          Rule.of(
              "x / c = x * (1/c), c a power of two",
              op("divide", any("x"), number("c", ArithmeticRules::isScale)),
              m -> m.dtype().isFloating() ? times(m, m.value("x"), 1 / m.number("c")) : null),
          Rule.of("--x = x", op("negate", op("negate", any("x"))), m -> m.value("x")),
          Rule.of("x ^ 1 = x", op("power", any("x"), number(1)), m -> m.value("x")),
          Rule.of(
              "x ^ 2 = x * x",
              op("power", any("x"), number(2)),
              m -> Multiply.of(m.builder(), m.value("x"), m.value("x"))),
          Rule.unsafe(
              "x ^ 0.5 = sqrt(x)",
              op("power", any("x"), number(0.5)),
              m -> Sqrt.of(m.builder(), m.value("x"))),
          Rule.unsafe("x * 0 = 0", op("multiply", any("x"), number(0)), m -> m.full(0)),
          Rule.unsafe("x - x = 0", op("subtract", any("x"), any("x")), m -> m.full(0)),
          Rule.unsafe("log(exp(x)) = x", op("log", op("exp", any("x"))), m -> m.value("x")),
          Rule.unsafe("exp(log(x)) = x", op("exp", op("log", any("x"))), m -> m.value("x")),
          Rule.of("relu(relu(x)) = relu(x)", op("relu", op("relu", any("x"))), m -> relu(m)),
          Rule.of(
              "||x|| = |x|",
              op("abs", op("abs", any("x"))),
              m -> org.modelc.ir.ops.Abs.of(m.builder(), m.value("x"))));

  private static Value relu(Match match) {
    return org.modelc.ir.ops.Relu.of(match.builder(), match.value("x"));
  }

  private static Value times(Match match, Value x, double factor) {
    return Multiply.of(match.builder(), x, match.full(factor));
  }

  /** Powers of two far from the ends of the range scale floats without rounding. */
  private static boolean isScale(double value) {
    double magnitude = Math.abs(value);
    return magnitude >= 0x1p-20
        && magnitude <= 0x1p20
        && Math.scalb(1.0, Math.getExponent(magnitude)) == magnitude;
  }
}
