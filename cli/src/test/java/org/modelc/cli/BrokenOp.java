package org.modelc.cli;

import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.ValueType;

/** An operator whose lowering is a mistake of the compiler's own. */
public final class BrokenOp extends PrimitiveOp<NoAttributes> {
  public BrokenOp() {
    super("broken_for_test", NoAttributes.class, "x");
  }

  @Override
  public List<ValueType> infer(Call<NoAttributes> call) {
    return List.of(call.tensor(0));
  }

  @Override
  public List<Array> eval(EvalCall<NoAttributes> call) {
    return List.of(call.operand(0));
  }

  @Override
  public void lower(Lowering<NoAttributes> lowering) {
    throw new IllegalStateException("seven is not even");
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of();
  }

  @Override
  public String doc() {
    return "always fails to lower";
  }
}
