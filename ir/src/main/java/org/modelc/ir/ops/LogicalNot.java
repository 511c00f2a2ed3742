package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.UnaryOp;

/** The other truth value. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class LogicalNot extends UnaryOp {
  private static final LogicalNot OP = new LogicalNot();

  public LogicalNot() {
    super("logical_not", ScalarOp.NOT, Domain.BOOLEAN);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
                "both",
                NoAttributes.NONE,
                List.of(Array.bool(new int[] {2}, 0, 1)),
                List.of(Array.bool(new int[] {2}, 1, 0)),
                "by hand")
            .kink());
  }

  @Override
  public String doc() {
    return "the other truth value";
  }
}
