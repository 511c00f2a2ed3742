package org.modelc.passes;

import java.util.LinkedHashMap;
import java.util.Map;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Divide;
import org.modelc.ir.ops.Maximum;
import org.modelc.ir.ops.Minimum;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Sqrt;
import org.modelc.ir.ops.Sum;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.RecipeSpec.ClipSpec;

/**
 * Gradients with their norms.
 *
 * @param gradients clipped, by parameter
 * @param norm the L2 norm of all gradients together, before clipping, {@code f32[]}
 * @param norms the L2 norm of each gradient before clipping, {@code f32[]}
 */
record Gradients(Map<String, Value> gradients, Value norm, Map<String, Value> norms) {

  /** Takes the norms and clips; {@code clip} may be null. */
  static Gradients of(GraphBuilder builder, Map<String, Value> gradients, ClipSpec clip) {
    Value total = Constant.scalar(builder, DType.F32, 0);
    Map<String, Value> norms = new LinkedHashMap<>();
    for (Map.Entry<String, Value> entry : gradients.entrySet()) {
      Value gradient = Cast.of(builder, entry.getValue(), DType.F32);
      Value square = Sum.all(builder, Multiply.of(builder, gradient, gradient));
      total = Add.of(builder, total, square);
      norms.put(entry.getKey(), Sqrt.of(builder, square));
    }
    Value norm = Sqrt.of(builder, total);
    Map<String, Value> clipped = new LinkedHashMap<>();
    Value factor = factor(builder, norm, clip);
    gradients.forEach((name, gradient) -> clipped.put(name, clip(builder, gradient, clip, factor)));
    return new Gradients(clipped, norm, norms);
  }

  /** {@code limit / max(norm, limit)}: 1 below the limit (Pascanu et al., 2013). */
  private static Value factor(GraphBuilder builder, Value norm, ClipSpec clip) {
    if (clip == null || !clip.kind().equals("norm")) {
      return null;
    }
    Value limit = Constant.like(builder, norm, clip.limit());
    return Divide.of(builder, limit, Maximum.of(builder, norm, limit));
  }

  private static Value clip(GraphBuilder builder, Value gradient, ClipSpec clip, Value factor) {
    if (clip == null) {
      return gradient;
    }
    return switch (clip.kind()) {
      case "norm" ->
          Multiply.of(builder, gradient, Cast.of(builder, factor, gradient.tensor().dtype()));
      case "value" -> {
        Value upper = Constant.like(builder, gradient, clip.limit());
        Value lower = Constant.like(builder, gradient, -clip.limit());
        yield Minimum.of(builder, Maximum.of(builder, gradient, lower), upper);
      }
      default -> throw new IllegalArgumentException("no clipping is named " + clip.kind());
    };
  }
}
