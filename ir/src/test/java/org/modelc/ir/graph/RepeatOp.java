package org.modelc.ir.graph;

import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.ValueType;

/** An operator that owns a region, as loops will: a body that takes what it gives. */
public final class RepeatOp extends PrimitiveOp<NoAttributes> {
  public RepeatOp() {
    super("repeat_for_test", NoAttributes.class, "start", "capture");
  }

  @Override
  public List<ValueType> infer(Call<NoAttributes> call) {
    if (call.regions().size() != 1) {
      throw new OpException("repeat_for_test owns one region, got " + call.regions().size());
    }
    Graph body = call.regions().get(0);
    ValueType carried = call.operands().get(0);
    if (!body.outputs().get(0).value().type().equals(carried)) {
      throw new OpException(
          "the body gives " + body.outputs().get(0).value().type() + ", carried is " + carried);
    }
    return List.of(carried);
  }

  @Override
  public List<Array> eval(EvalCall<NoAttributes> call) {
    throw new UnsupportedOperationException("only its text is tested");
  }

  @Override
  public void lower(Lowering<NoAttributes> lowering) {
    throw new UnsupportedOperationException("only its text is tested");
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of();
  }

  @Override
  public String doc() {
    return "repeats a body";
  }
}
