package org.modelc.dsl.elaborate;

import java.util.List;
import org.modelc.ir.graph.Graph;
import org.modelc.runtime.spec.TensorSpec;

/**
 * A function of a model that is compiled on its own: an exported one, a loss, or one that nothing
 * else in the model calls.
 *
 * @param name its name in the language
 * @param documentation text of its doc comment, empty without one
 * @param exported whether Java can call it
 * @param inputs what it takes, in order; a name that is a model input is computed from raw columns
 * @param outputs its named results; an unnamed result bears the function's name
 * @param training the graph in training: dropout drops, states are updated
 * @param inference the graph in inference
 */
public record ElaboratedFunction(
    String name,
    String documentation,
    boolean exported,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs,
    Graph training,
    Graph inference) {
  /** Copies the lists. */
  public ElaboratedFunction {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
