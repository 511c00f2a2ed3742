package org.modelc.codegen.llvm.sparse;

import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.runtime.spec.Dim;

/**
 * The operands of a product with a sparse matrix.
 *
 * @param x the dense factor, rows of {@code depth} elements
 * @param values the matrix's elements, {@code [steps, 16]}
 * @param places the rows of the matrix that they are of
 * @param starts the first step of each panel, and the end of the last
 */
record SparseProduct(Buffer x, Buffer values, Buffer places, Buffer starts, Buffer result) {
  static SparseProduct of(OpKernel kernel) {
    return new SparseProduct(
        kernel.operands().get(0),
        kernel.operands().get(1),
        kernel.operands().get(2),
        kernel.operands().get(3),
        kernel.results().get(0));
  }

  /** Rows of the dense factor and of the result. */
  Dim rows() {
    return Dim.product(x.shape().subList(0, x.rank() - 1));
  }

  long depth() {
    return x.shape().get(x.rank() - 1).value();
  }

  long columns() {
    return result.shape().get(result.rank() - 1).value();
  }

  long panels() {
    return starts.shape().get(0).value() - 1;
  }
}
