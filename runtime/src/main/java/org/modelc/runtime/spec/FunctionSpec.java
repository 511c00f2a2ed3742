package org.modelc.runtime.spec;

import java.util.List;

/**
 * An exported function of a model.
 *
 * @param name the name in the language and in Java
 * @param doc the doc comment, or empty
 * @param inputs what it takes, in order; a name that is a model input is computed from raw columns
 * @param outputs the named results
 * @param program the name of the program that computes it
 */
public record FunctionSpec(
    String name, String doc, List<TensorSpec> inputs, List<TensorSpec> outputs, String program) {
  public FunctionSpec {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
