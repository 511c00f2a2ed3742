package org.modelc.codegen.cuda.attention;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.codegen.cuda.emit.Template;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.ops.AttentionShape;
import org.modelc.ir.ops.ScaledDotProductAttention;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Attention and its gradient in tiles of queries and keys (Dao et al. 2022): nothing of the size of
 * all scores is ever in memory. No sum is shared by blocks: the gradient at the queries is a kernel
 * over these, that at keys and values one over those, so bits depend on shapes alone.
 */
public final class AttentionTemplate implements Template {
  private static final String FORWARD = "scaled_dot_product_attention";
  private static final String GRADIENT = "scaled_dot_product_attention_gradient";

  /** Features of a head whose tiles fit shared memory. */
  private static final int MOST_FEATURES = 128;

  /** Whether there is a template for an op on such operands. */
  public static boolean takes(CompositeOp<?> op, Record attributes, List<TensorType> operands) {
    if (!op.name().equals(FORWARD) && !op.name().equals(GRADIENT)) {
      return false;
    }
    int heads = ((ScaledDotProductAttention.Attributes) attributes).heads();
    return operands.get(0).dtype() == DType.F32
        && fits(operands.get(0), heads)
        && fits(operands.get(2), heads);
  }

  private static boolean fits(TensorType operand, int heads) {
    Dim features = operand.dim(-1);
    return features.isStatic() && features.value() / heads <= MOST_FEATURES;
  }

  @Override
  public List<Phase> phases(OpKernel kernel, ProgramWriter program) {
    if (kernel.op().name().equals(FORWARD)) {
      AttentionShape shape = AttentionShape.of(kernel, kernel.operands());
      return List.of(new AttentionWriter(kernel, shape, program).forward());
    }
    return kernel.op().name().equals(GRADIENT) ? gradient(kernel, program) : null;
  }

  private static List<Phase> gradient(OpKernel kernel, ProgramWriter program) {
    List<Buffer> operands = new ArrayList<>(kernel.operands());
    Buffer cotangent = operands.remove(3);
    AttentionShape shape = AttentionShape.of(kernel, operands);
    List<Dim> kept =
        List.of(
            shape.batches().times(Dim.constant(shape.heads())), Dim.constant(3), shape.queries());
    Buffer rows = program.buffers().workspace(kernel.name() + ".rows", DType.F32, kept);
    return List.of(
        new AttentionWriter(kernel, shape, program).atQueries(cotangent, rows),
        new AttentionWriter(kernel, shape, program).atKeys(cotangent, rows));
  }
}
