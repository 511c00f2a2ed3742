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
import org.modelc.ir.op.VjpCall;

/** The remainder of truncated division, of the dividend's sign. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Remainder extends BinaryOp {
  private static final Remainder OP = new Remainder();

  public Remainder() {
    super("remainder", ScalarOp.REMAINDER, Domain.NUMERIC);
  }

  /** Broadcasts the operands and makes the node. */
  public static Value of(GraphBuilder builder, Value left, Value right) {
    return OP.build(builder, NoAttributes.NONE, left, right);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value whole = Subtract.of(builder, call.operand(0), call.result());
    Value quotient = Divide.of(builder, whole, call.operand(1));
    Value right = Negate.of(builder, Multiply.of(builder, call.cotangent(), quotient));
    return List.of(call.cotangent(), right);
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(
                Array.f32(new int[] {6}, -3, -1.5, 0.5, 2, 7, -2.25),
                Array.f32(new int[] {6}, 2, -1.25, 4, -1.25, 3, 5.5)),
            List.of(Array.f32(new int[] {6}, -1, -0.25, 0.5, 0.75, 1, -2.25)),
            "numpy 1.24.2"),
        Sample.of(
                "ties and limits",
                NoAttributes.NONE,
                List.of(
                    Array.f32(new int[] {5}, Double.POSITIVE_INFINITY, Double.NaN, 1, 4, -4),
                    Array.f32(new int[] {5}, 1, 3, Double.POSITIVE_INFINITY, 2, 2)),
                List.of(Array.f32(new int[] {5}, Double.NaN, Double.NaN, 1, 0, -0.0)),
                "numpy 1.24.2")
            .kink(),
        Sample.of(
                "integers",
                NoAttributes.NONE,
                List.of(
                    Array.i32(new int[] {6}, 7, -7, 7, -7, 0, 5),
                    Array.i32(new int[] {6}, 2, 2, -3, -3, 4, 5)),
                List.of(Array.i32(new int[] {6}, 1, -1, 1, -1, 0, 0)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "the remainder of truncated division, of the dividend's sign";
  }
}
