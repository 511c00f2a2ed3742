package org.modelc.ir.type;

/** The type of a graph value: a tensor, or a struct of values. */
public sealed interface ValueType permits TensorType, StructType {
  /**
   * This type as a tensor.
   *
   * @throws IllegalStateException if it is a struct
   */
  default TensorType tensor() {
    if (this instanceof TensorType tensor) {
      return tensor;
    }
    throw new IllegalStateException("a tensor was expected, not " + this);
  }
}
