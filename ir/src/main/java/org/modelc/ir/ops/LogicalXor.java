package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.BinaryOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;

/** Whether exactly one is true. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class LogicalXor extends BinaryOp {
  private static final LogicalXor OP = new LogicalXor();

  public LogicalXor() {
    super("logical_xor", ScalarOp.XOR, Domain.BOOLEAN);
  }

  /** Broadcasts the operands and makes the node. */
  public static Value of(GraphBuilder builder, Value left, Value right) {
    return OP.build(builder, NoAttributes.NONE, left, right);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
                "values",
                NoAttributes.NONE,
                List.of(
                    Array.bool(new int[] {4}, 0, 0, 1, 1), Array.bool(new int[] {4}, 0, 1, 0, 1)),
                List.of(Array.bool(new int[] {4}, 0, 1, 1, 0)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "whether exactly one is true";
  }
}
