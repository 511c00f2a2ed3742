package org.modelc.passes.simplify;

import static org.modelc.passes.simplify.Pattern.any;
import static org.modelc.passes.simplify.Pattern.named;
import static org.modelc.passes.simplify.Pattern.number;
import static org.modelc.passes.simplify.Pattern.op;

import java.util.List;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.MaxPoolGradient;
import org.modelc.ir.ops.Select;
import org.modelc.runtime.spec.DType;

/** Selects, booleans and conversions. */
final class LogicRules {
  private LogicRules() {}

  static final List<Rule> ALL =
      List.of(
          Rule.of(
              "select(true, x, y) = x",
              op("select", number(1), any("x"), any("y")),
              m -> m.value("x")),
          Rule.of(
              "select(false, x, y) = y",
              op("select", number(0), any("x"), any("y")),
              m -> m.value("y")),
          Rule.of(
              "select(c, x, x) = x", op("select", any("c"), any("x"), any("x")), m -> m.value("x")),
          Rule.of(
              "select(!c, x, y) = select(c, y, x)",
              op("select", op("logical_not", any("c")), any("x"), any("y")),
              m -> Select.of(m.builder(), m.value("c"), m.value("y"), m.value("x"))),
          Rule.of(
              "select(x > c, max_pool_gradient(x, g), 0) = max_pool_gradient(x, g above c)",
              op(
                  "select",
                  op("greater", any("x"), number("c")),
                  named("pool", "max_pool_gradient", any("x"), any("g")),
                  number(0)),
              LogicRules::limitedPool),
          Rule.of("x & true = x", op("logical_and", any("x"), number(1)), m -> m.value("x")),
          Rule.of("true & x = x", op("logical_and", number(1), any("x")), m -> m.value("x")),
          Rule.of("x & x = x", op("logical_and", any("x"), any("x")), m -> m.value("x")),
          Rule.of("x | false = x", op("logical_or", any("x"), number(0)), m -> m.value("x")),
          Rule.of("false | x = x", op("logical_or", number(0), any("x")), m -> m.value("x")),
          Rule.of("x | x = x", op("logical_or", any("x"), any("x")), m -> m.value("x")),
          Rule.of("!!x = x", op("logical_not", op("logical_not", any("x"))), m -> m.value("x")),
          Rule.of("cast to its own type", named("to", "cast", any("x")), LogicRules::identityCast),
          Rule.of(
              "cast through a wider type",
              op("cast", named("first", "cast", any("x"))),
              LogicRules::shorterCast));

  /** A relu before a pool: a window's gradient passes if its largest element was positive. */
  private static Value limitedPool(Match match) {
    return MaxPoolGradient.above(
        match.builder(),
        match.value("x"),
        match.number("c"),
        match.value("g"),
        match.attributes("pool", Record.class));
  }

  private static Value identityCast(Match match) {
    Value x = match.value("x");
    return x.tensor().dtype() == match.dtype() ? x : null;
  }

  private static Value shorterCast(Match match) {
    Value x = match.value("x");
    DType through = match.attributes("first", Cast.Attributes.class).dtype();
    return holds(through, x.tensor().dtype()) ? Cast.of(match.builder(), x, match.dtype()) : null;
  }

  /** Whether a type has every value of another. */
  private static boolean holds(DType wide, DType narrow) {
    return switch (wide) {
      case F64 -> narrow != DType.I64;
      case F32 -> narrow.isHalf() || narrow == DType.I8 || narrow == DType.BOOL;
      case I64 -> narrow == DType.I32 || narrow == DType.I8 || narrow == DType.BOOL;
      case I32 -> narrow == DType.I8 || narrow == DType.BOOL;
      // Both have 8 bits at least, and a sign.
      case F16, BF16 -> narrow == DType.I8 || narrow == DType.BOOL;
      case I8 -> narrow == DType.BOOL;
      case BOOL -> false;
    };
  }
}
