package org.modelc.runtime.spec;

/**
 * A model's {@code input}: a tensor computed from raw columns by learned transforms.
 *
 * @param name the name by which functions take it
 * @param dtype the element type handed to the program
 * @param transform how a row's tensor is made
 * @param doc the doc comment, or empty
 */
public record InputSpec(String name, DType dtype, TransformSpec transform, String doc) {}
