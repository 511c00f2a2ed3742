package org.modelc.codegen.llvm.sparse;

import java.util.List;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.TaskCount;
import org.modelc.codegen.llvm.emit.TaskGrid;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.ops.SparseMatmul;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Products with a sparse matrix, panel by panel of its columns. */
public final class SparseTemplate implements Template {
  /** Columns of a panel: the lanes of the widest vectors. */
  static final int PANEL = 16;

  /** Whether there is a template for an op on such operands. */
  public static boolean takes(CompositeOp<?> op, List<TensorType> operands) {
    return op instanceof SparseMatmul
        && operands.get(0).dtype() == DType.F32
        && operands.get(1).dim(1).is(PANEL);
  }

  @Override
  public List<Phase> phases(OpKernel kernel, ProgramWriter program) {
    if (!(kernel.op() instanceof SparseMatmul)) {
      return null;
    }
    SparseProduct product = SparseProduct.of(kernel);
    KernelFunction function = program.function();
    new SparseProductWriter(product, function).write();
    Dim work = product.rows().times(product.values().size());
    String schedule =
        "sparse product: tasks[panels], rows in lanes, or gathered for fewer than "
            + SparseProductWriter.FEW
            + " rows";
    TaskCount tasks = TaskCount.of(Dim.constant(product.panels()));
    return List.of(TaskGrid.phase(kernel, function, tasks, work, List.of(schedule), program));
  }
}
