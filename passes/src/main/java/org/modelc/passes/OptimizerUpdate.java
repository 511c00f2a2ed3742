package org.modelc.passes;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.op.OptimizerOp;
import org.modelc.ir.op.RecordShape;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;

/**
 * A recipe's optimiser: its op with the recipe's settings as attributes.
 *
 * @param op the optimiser
 * @param attributes its attribute record
 */
record OptimizerUpdate<A extends Record>(OptimizerOp<A> op, A attributes) {
  /**
   * The optimiser of a recipe.
   *
   * @throws OpException if there is no such optimiser, or it has no such setting
   */
  static OptimizerUpdate<?> of(OptimizerSpec spec) {
    OpDef<?> op = OpRegistry.find(spec.kind());
    if (!(op instanceof OptimizerOp<?> optimizer)) {
      throw new OpException("no optimiser is named " + spec.kind());
    }
    return of(optimizer, spec.options());
  }

  private static <A extends Record> OptimizerUpdate<A> of(
      OptimizerOp<A> op, Map<String, Double> options) {
    Map<String, Object> arguments = new LinkedHashMap<>(options);
    for (RecordComponent component : RecordShape.of(op.attributesType()).components()) {
      Double given = options.get(component.getName());
      if (given != null && component.getType() == boolean.class) {
        arguments.put(component.getName(), given != 0);
      }
    }
    return new OptimizerUpdate<>(
        op, AttributeText.create(op.attributesType(), op.name(), arguments));
  }

  /** The names of the buffers kept for each parameter. */
  List<String> slots() {
    return op.slots(attributes);
  }

  /** The new parameter and the new buffers. */
  List<Value> apply(
      GraphBuilder builder,
      Value parameter,
      Value gradient,
      Value rate,
      Value step,
      List<Value> slots) {
    return op.apply(builder, attributes, parameter, gradient, rate, step, slots);
  }
}
