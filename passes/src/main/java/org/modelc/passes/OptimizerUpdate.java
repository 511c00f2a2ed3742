package org.modelc.passes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;

/** The update of one parameter by the optimiser of a recipe. */
record OptimizerUpdate(OptimizerSpec spec) {
  static OptimizerUpdate of(OptimizerSpec spec) {
    return new OptimizerUpdate(spec);
  }

  List<String> slots() {
    return List.of();
  }

  TensorType slotType(TensorType parameter) {
    return parameter;
  }

  List<Value> apply(
      GraphBuilder builder,
      Value parameter,
      Value gradient,
      Value rate,
      Value step,
      Collection<Value> slots) {
    if (!spec.kind().equals("sgd")) {
      throw new IllegalArgumentException("no optimiser is named " + spec.kind());
    }
    Value scaled = Multiply.of(builder, gradient, Cast.of(builder, rate, gradient.tensor().dtype()));
    List<Value> updated = new ArrayList<>(slots);
    updated.add(0, Subtract.of(builder, parameter, scaled));
    return updated;
  }
}
