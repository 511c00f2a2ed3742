package org.modelc.codegen.llvm.attention;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.TaskCount;
import org.modelc.codegen.llvm.emit.TaskGrid;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.ops.AttentionShape;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Attention and its gradient in blocks of queries, the shares of whose keys stay in a core's caches
 * (Dao et al. 2022, Milakov and Gimelshein 2018).
 */
public final class AttentionTemplate implements Template {
  private static final String FORWARD = "scaled_dot_product_attention";
  private static final String GRADIENT = "scaled_dot_product_attention_gradient";

  /** Whether there is a template for an op on such operands. */
  public static boolean takes(CompositeOp<?> op, List<TensorType> operands) {
    if (!op.name().equals(FORWARD) && !op.name().equals(GRADIENT)) {
      return false;
    }
    return operands.get(0).dtype() == DType.F32
        && operands.get(0).dim(-1).isStatic()
        && operands.get(2).dim(-1).isStatic();
  }

  @Override
  public List<Phase> phases(OpKernel kernel, ProgramWriter program) {
    if (kernel.op().name().equals(FORWARD)) {
      return List.of(forward(kernel, program));
    }
    return kernel.op().name().equals(GRADIENT) ? List.of(gradient(kernel, program)) : null;
  }

  private static Phase forward(OpKernel kernel, ProgramWriter program) {
    AttentionShape shape = AttentionShape.of(kernel, kernel.operands());
    KernelFunction function = program.function();
    new AttentionForward(shape, kernel.results().get(0), function).write();
    TaskCount tasks =
        new TaskCount(
            shape.batches().times(Dim.constant(shape.heads())),
            shape.queries(),
            AttentionForward.QUERIES,
            1);
    String schedule =
        "attention: tasks[batch heads queries/"
            + AttentionForward.QUERIES
            + "], keys in blocks of "
            + AttentionForward.KEYS
            + ", running softmax";
    return TaskGrid.phase(kernel, function, tasks, shape.work(), List.of(schedule), program);
  }

  private static Phase gradient(OpKernel kernel, ProgramWriter program) {
    List<Buffer> operands = new ArrayList<>(kernel.operands());
    Buffer cotangent = operands.remove(3);
    AttentionShape shape = AttentionShape.of(kernel, operands);
    KernelFunction function = program.function();
    new AttentionGradient(shape, cotangent, kernel.results(), function).write();
    TaskCount tasks = TaskCount.of(shape.batches().times(Dim.constant(shape.heads())));
    String schedule =
        "attention gradient: tasks[batch heads], queries side by side in lanes, shares of all keys";
    Dim work = shape.work().times(Dim.constant(3));
    return TaskGrid.phase(kernel, function, tasks, work, List.of(schedule), program);
  }
}
