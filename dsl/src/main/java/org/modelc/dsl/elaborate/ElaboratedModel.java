package org.modelc.dsl.elaborate;

import java.util.List;
import java.util.Optional;
import org.modelc.ir.graph.Graph;
import org.modelc.runtime.spec.TensorSpec;

/**
 * A model as graphs.
 *
 * @param name its name
 * @param documentation text of its doc comment, empty without one
 * @param parameters the learned tensors by binding path, in the order they are first used
 * @param states the saved states by binding path, likewise
 * @param functions the functions that are compiled, in the order declared
 * @param init the graph that gives every parameter and state its first value, by control {@code
 *     seed}
 */
public record ElaboratedModel(
    String name,
    String documentation,
    List<TensorSpec> parameters,
    List<TensorSpec> states,
    List<ElaboratedFunction> functions,
    Graph init) {
  /** Copies the lists. */
  public ElaboratedModel {
    parameters = List.copyOf(parameters);
    states = List.copyOf(states);
    functions = List.copyOf(functions);
  }

  /** The function of a name. */
  public Optional<ElaboratedFunction> function(String wanted) {
    return functions.stream().filter(function -> function.name().equals(wanted)).findFirst();
  }
}
