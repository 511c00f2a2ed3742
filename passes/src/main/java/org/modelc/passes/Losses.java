package org.modelc.passes;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Abs;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Divide;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.RecipeSpec.PenaltySpec;

/** From losses per example to the scalar that is minimised. */
final class Losses {
  private Losses() {}

  /**
   * {@code Σ weight × loss / Σ weight} over examples; a loss of more axes is first averaged over
   * them. A scalar loss stays as it is.
   *
   * @param perExample {@code f32[B, …]}
   * @param weights gives the input of the type {@code f32[B]}
   */
  static Value weightedMean(
      GraphBuilder builder, Value perExample, Function<TensorType, Value> weights) {
    TensorType type = perExample.tensor();
    if (type.rank() == 0) {
      return perExample;
    }
    Value mean = meanOfRest(builder, perExample);
    Value weight = weights.apply(TensorType.of(DType.F32, type.dim(0)));
    weight = Cast.of(builder, weight, type.dtype());
    Value sum = Sum.all(builder, Multiply.of(builder, mean, weight));
    return Divide.of(builder, sum, Sum.all(builder, weight));
  }

  private static Value meanOfRest(GraphBuilder builder, Value loss) {
    TensorType type = loss.tensor();
    if (type.rank() == 1) {
      return loss;
    }
    List<Integer> axes = IntStream.range(1, type.rank()).boxed().toList();
    Value sum = Sum.of(builder, loss, axes, false);
    List<Dim> rest = type.shape().subList(1, type.rank());
    return Divide.of(builder, sum, count(builder, type.dtype(), rest));
  }

  /** The number of elements of a shape; summed up where it is known only at a call. */
  private static Value count(GraphBuilder builder, DType dtype, List<Dim> shape) {
    Dim size = Dim.product(shape);
    return size.isStatic()
        ? Constant.scalar(builder, dtype, (double) size.value())
        : Sum.all(builder, Constant.full(builder, dtype, shape, 1));
  }

  /** The loss plus {@code factor × Σ|w|} or {@code factor × Σw²} for each penalty. */
  static Value withPenalties(
      GraphBuilder builder,
      Value loss,
      List<PenaltySpec> penalties,
      Map<String, Value> parameters) {
    Value total = loss;
    for (PenaltySpec penalty : penalties) {
      for (Map.Entry<String, Value> parameter : parameters.entrySet()) {
        if (applies(penalty, parameter.getKey(), parameter.getValue().tensor())) {
          Value cost = cost(builder, penalty, parameter.getValue());
          total = Add.of(builder, total, Cast.of(builder, cost, loss.tensor().dtype()));
        }
      }
    }
    return total;
  }

  private static boolean applies(PenaltySpec penalty, String name, TensorType type) {
    if (!type.dtype().isFloating()) {
      return false;
    }
    return penalty.over().isEmpty()
        ? type.rank() >= 2
        : PathPattern.matchesAny(penalty.over(), name);
  }

  private static Value cost(GraphBuilder builder, PenaltySpec penalty, Value weight) {
    Value each =
        switch (penalty.kind()) {
          case "l1" -> Abs.of(builder, weight);
          case "l2" -> Multiply.of(builder, weight, weight);
          default -> throw new IllegalArgumentException("no penalty is named " + penalty.kind());
        };
    Value factor = Constant.like(builder, weight, penalty.factor());
    return Multiply.of(builder, Sum.all(builder, each), factor);
  }
}
