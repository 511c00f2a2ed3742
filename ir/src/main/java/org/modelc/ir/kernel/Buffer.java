package org.modelc.ir.kernel;

import java.util.List;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Memory that kernels read and write, row-major. Names are unique within a kernel program.
 *
 * @param name the name
 * @param dtype the storage type
 * @param shape the dims, outermost first; empty for one element
 */
public record Buffer(String name, DType dtype, List<Dim> shape) {
  public Buffer {
    shape = List.copyOf(shape);
  }

  public static Buffer of(String name, TensorType type) {
    return new Buffer(name, type.dtype(), type.shape());
  }

  public Dim size() {
    return Dim.product(shape);
  }

  public int rank() {
    return shape.size();
  }

  /** Names are unique in a program: hashing the shape too would only take time. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Buffer buffer
            && name.equals(buffer.name)
            && dtype == buffer.dtype
            && shape.equals(buffer.shape);
  }

  @Override
  public String toString() {
    return name;
  }
}
