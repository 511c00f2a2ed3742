package org.modelc.ir.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Bound;

/** Finds the values of a graph's dynamic dims from its inputs' shapes. */
final class DimBinding {
  private final Map<String, Dim> values = new LinkedHashMap<>();

  private DimBinding() {}

  /**
   * Binds each symbol that stands alone as a dim, then checks every dim and bound.
   *
   * @throws InterpreterException if shapes contradict the types
   */
  static Map<String, Dim> of(Graph graph, List<Array> inputs) {
    DimBinding binding = new DimBinding();
    for (int i = 0; i < inputs.size(); i++) {
      binding.bind(graph.inputs().get(i), inputs.get(i));
    }
    for (int i = 0; i < inputs.size(); i++) {
      binding.check(graph.inputs().get(i), inputs.get(i));
    }
    for (Bound bound : graph.bounds()) {
      binding.check(bound);
    }
    return binding.values;
  }

  private void bind(Graph.Input input, Array array) {
    TensorType type = input.value().tensor();
    if (type.rank() != array.rank() || type.dtype() != array.dtype()) {
      throw mismatch(input, array);
    }
    for (int axis = 0; axis < array.rank(); axis++) {
      Dim dim = type.dim(axis);
      boolean alone = dim.symbols().size() == 1 && dim.equals(Dim.symbol(dim.toString()));
      if (alone) {
        values.putIfAbsent(dim.toString(), Dim.constant(array.shape()[axis]));
      }
    }
  }

  private void check(Graph.Input input, Array array) {
    List<Dim> shape = new ArrayList<>();
    input.value().tensor().shape().forEach(dim -> shape.add(dim.substitute(values)));
    for (int axis = 0; axis < array.rank(); axis++) {
      if (!shape.get(axis).is(array.shape()[axis])) {
        throw mismatch(input, array);
      }
    }
  }

  private InterpreterException mismatch(Graph.Input input, Array array) {
    String given = array.dtype() + Arrays.toString(array.shape());
    return new InterpreterException(
        "input "
            + input.name()
            + " is "
            + input.value().type()
            + ", given "
            + given
            + " with "
            + values);
  }

  private void check(Bound bound) {
    Dim value = bound.dim().substitute(values);
    if (value.isStatic() && (value.value() < bound.minimum() || value.value() > bound.maximum())) {
      throw new InterpreterException(
          "dim "
              + bound.dim()
              + " is "
              + value
              + ", not within "
              + bound.minimum()
              + " and "
              + bound.maximum());
    }
  }
}
