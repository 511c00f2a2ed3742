package org.modelc.runtime.spec;

import java.util.List;

/**
 * A named tensor at a boundary: a parameter, an input or an output.
 *
 * @param name the name, a binding path for parameters ({@code predict.dense.weight})
 * @param dtype the storage type
 * @param shape the dims, outermost first
 * @param doc one line for the reader, or empty
 */
public record TensorSpec(String name, DType dtype, List<Dim> shape, String doc) {
  public TensorSpec {
    shape = List.copyOf(shape);
  }
}
