package org.modelc.passes;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.op.OptimizerOp;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;

/**
 * The update of one parameter by the optimiser of a recipe.
 *
 * @param op the optimiser
 * @param attributes its settings
 */
record OptimizerUpdate<A extends Record>(OptimizerOp<A> op, A attributes) {
  /**
   * The optimiser that a recipe names.
   *
   * @throws IllegalArgumentException if there is none of that name
   * @throws org.modelc.ir.op.OpException if it has no such option
   */
  static OptimizerUpdate<?> of(OptimizerSpec spec) {
    if (OpRegistry.find(spec.kind()) instanceof OptimizerOp<?> op) {
      return of(op, spec.options());
    }
    throw new IllegalArgumentException("no optimiser is named " + spec.kind());
  }

  private static <A extends Record> OptimizerUpdate<A> of(
      OptimizerOp<A> op, Map<String, Double> options) {
    Map<String, Object> arguments = new LinkedHashMap<>(options);
    for (RecordComponent component : op.attributesType().getRecordComponents()) {
      if (component.getType() == boolean.class) {
        arguments.computeIfPresent(component.getName(), (name, value) -> !value.equals(0.0));
      }
    }
    return new OptimizerUpdate<>(
        op, AttributeText.create(op.attributesType(), op.name(), arguments));
  }

  /** The names of the buffers kept for each parameter. */
  List<String> slots() {
    return op.slots(attributes);
  }

  TensorType slotType(TensorType parameter) {
    return parameter;
  }

  /** The new parameter, then the new slots. */
  List<Value> apply(
      GraphBuilder builder,
      Value parameter,
      Value gradient,
      Value rate,
      Value step,
      Collection<Value> slots) {
    List<Value> ordered = new ArrayList<>(slots);
    return op.apply(builder, attributes, parameter, gradient, rate, step, ordered);
  }
}
