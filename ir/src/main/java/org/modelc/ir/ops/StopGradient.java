package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.ValueType;

/** The value itself, a constant to differentiation. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class StopGradient extends PrimitiveOp<NoAttributes> {
  private static final StopGradient OP = new StopGradient();

  public StopGradient() {
    super("stop_gradient", NoAttributes.class, "x");
  }

  public static Value of(GraphBuilder builder, Value x) {
    return builder.add(OP, NoAttributes.NONE, List.of(x)).get(0);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<ValueType> infer(Call<NoAttributes> call) {
    Operands.checkCount(this, call.operands());
    return call.operands();
  }

  @Override
  public List<Array> eval(EvalCall<NoAttributes> call) {
    return call.operands();
  }

  @Override
  public void lower(Lowering<NoAttributes> lowering) {
    lowering.alias(lowering.result(), lowering.operand(0));
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    Array x = Array.f32(new int[] {2}, 1.5, -2);
    return List.of(
        Sample.of("identity", NoAttributes.NONE, List.of(x), List.of(x), "by hand").kink());
  }

  @Override
  public String doc() {
    return "the value itself, through which no gradient flows";
  }
}
