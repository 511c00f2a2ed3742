package org.modelc.passes.simplify;

import static org.modelc.passes.simplify.Pattern.any;
import static org.modelc.passes.simplify.Pattern.named;
import static org.modelc.passes.simplify.Pattern.number;
import static org.modelc.passes.simplify.Pattern.op;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.op.ReductionOp;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.DimValue;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Transpose;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;

/** Movements of elements that cancel, join or have nothing to move. */
final class ShapeRules {
  private ShapeRules() {}

  static final List<Rule> ALL =
      List.of(
          Rule.of("reshape to its own shape", op("reshape", any("x")), ShapeRules::same),
          Rule.of("broadcast to its own shape", op("broadcast", any("x")), ShapeRules::same),
          Rule.of(
              "reshape of reshape",
              op("reshape", op("reshape", any("x"))),
              m -> Reshape.of(m.builder(), m.value("x"), m.shape())),
          Rule.of(
              "broadcast of broadcast",
              op("broadcast", op("broadcast", any("x"))),
              m -> Broadcast.of(m.builder(), m.value("x"), m.shape())),
          Rule.of(
              "broadcast of added dims of 1",
              op("broadcast", named("reshape", "reshape", any("x"))),
              ShapeRules::broadcastOfReshape),
          Rule.of("reshape of one number", op("reshape", number("c")), m -> full(m, "c")),
          Rule.of("broadcast of one number", op("broadcast", number("c")), m -> full(m, "c")),
          Rule.of("transpose of one number", op("transpose", number("c")), m -> full(m, "c")),
          Rule.of(
              "transpose that moves nothing",
              named("order", "transpose", any("x")),
              ShapeRules::identityTranspose),
          Rule.of(
              "transpose of transpose",
              named("second", "transpose", named("first", "transpose", any("x"))),
              ShapeRules::joinedTranspose),
          keptAxes("sum"),
          keptAxes("prod"),
          keptAxes("max"),
          keptAxes("min"),
          Rule.of("sum along dims of 1", named("axes", "sum", any("x")), ShapeRules::sumOfNothing),
          Rule.of(
              "sum along broadcast dims",
              named("axes", "sum", named("filled", "broadcast", any("x"))),
              ShapeRules::sumOfBroadcast),
          Rule.of("sum of one number", named("axes", "sum", number("c")), ShapeRules::sumOfNumber));

  /**
   * One form for joins that keep axes of size 1 and those that do not, so that equal ones merge.
   */
  private static Rule keptAxes(String op) {
    return Rule.of(
        op + " that keeps axes = reshape of " + op,
        named("axes", op, any("x")),
        match -> {
          ReductionOp.Axes axes = match.attributes("axes", ReductionOp.Axes.class);
          if (!axes.keep() || axes.axes().isEmpty()) {
            return null;
          }
          Value x = match.value("x");
          OpDef<?> join = OpRegistry.find(op);
          Value joined =
              match
                  .builder()
                  .add((ReductionOp) join, new ReductionOp.Axes(axes.axes(), false), List.of(x))
                  .get(0);
          return Reshape.of(match.builder(), joined, match.shape());
        });
  }

  private static Value same(Match match) {
    Value x = match.value("x");
    return x.tensor().shape().equals(match.shape()) ? x : null;
  }

  private static Value full(Match match, String name) {
    return match.full(match.number(name));
  }

  /** Leading dims of 1 need no reshape: broadcasting adds them. */
  private static Value broadcastOfReshape(Match match) {
    Value x = match.value("x");
    List<Dim> own = x.tensor().shape();
    List<Dim> reshaped = match.attributes("reshape", Reshape.Attributes.class).shape();
    int added = reshaped.size() - own.size();
    boolean onlyAdded =
        added >= 0
            && reshaped.subList(added, reshaped.size()).equals(own)
            && reshaped.subList(0, added).stream().allMatch(dim -> dim.is(1));
    return onlyAdded ? Broadcast.of(match.builder(), x, match.shape()) : null;
  }

  private static Value identityTranspose(Match match) {
    List<Integer> order = order(match, "order");
    boolean moved = IntStream.range(0, order.size()).anyMatch(i -> order.get(i) != i);
    return moved ? null : match.value("x");
  }

  private static Value joinedTranspose(Match match) {
    List<Integer> first = order(match, "first");
    List<Integer> joined = order(match, "second").stream().map(first::get).toList();
    return Transpose.of(match.builder(), match.value("x"), joined);
  }

  private static List<Integer> order(Match match, String name) {
    int rank = match.shape().size();
    List<Integer> order = match.attributes(name, Transpose.Attributes.class).permutation();
    if (order.isEmpty()) {
      return IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList();
    }
    return order.stream().map(axis -> axis < 0 ? axis + rank : axis).toList();
  }

  private static List<Integer> axes(Match match, int rank) {
    return match.attributes("axes", ReductionOp.Axes.class).axes().stream()
        .map(axis -> axis < 0 ? axis + rank : axis)
        .toList();
  }

  private static Value sumOfNothing(Match match) {
    Value x = match.value("x");
    TensorType type = x.tensor();
    boolean nothing = axes(match, type.rank()).stream().allMatch(axis -> type.dim(axis).is(1));
    return nothing ? Reshape.of(match.builder(), x, match.shape()) : null;
  }

  private static Value sumOfNumber(Match match) {
    TensorType type = match.value("c").tensor();
    Dim count = count(type, axes(match, type.rank()));
    return count.isStatic() ? match.full(match.number("c") * count.value()) : null;
  }

  private static Dim count(TensorType type, List<Integer> axes) {
    return Dim.product(axes.stream().map(type::dim).toList());
  }

  /** {@code Σ x = n × x} over dims that the broadcast added or stretched. */
  private static Value sumOfBroadcast(Match match) {
    Value x = match.value("x");
    List<Dim> filled = match.attributes("filled", Broadcast.Attributes.class).shape();
    List<Integer> axes = axes(match, filled.size());
    int added = filled.size() - x.tensor().rank();
    List<Dim> kept = new ArrayList<>();
    for (int axis = 0; axis < filled.size(); axis++) {
      boolean stretched = axis < added || !x.tensor().dim(axis - added).equals(filled.get(axis));
      if (axes.contains(axis) && !stretched) {
        return null;
      } else if (!axes.contains(axis)) {
        kept.add(stretched ? Dim.ONE : filled.get(axis));
      }
    }
    Dim count = count(TensorType.of(match.dtype(), filled), axes);
    Value factor = DimValue.of(match.builder(), count, match.dtype());
    Value scaled = Multiply.of(match.builder(), Reshape.of(match.builder(), x, kept), factor);
    boolean keep = match.attributes("axes", ReductionOp.Axes.class).keep();
    List<Dim> unfilled = keep ? null : match.shape();
    return unfilled == null ? null : Broadcast.of(match.builder(), scaled, unfilled);
  }
}
