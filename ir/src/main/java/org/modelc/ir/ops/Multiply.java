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

/** The product. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Multiply extends BinaryOp {
  private static final Multiply OP = new Multiply();

  public Multiply() {
    super("multiply", ScalarOp.MULTIPLY, Domain.NUMERIC);
  }

  /** Broadcasts the operands and makes the node. */
  public static Value of(GraphBuilder builder, Value left, Value right) {
    return OP.build(builder, NoAttributes.NONE, left, right);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value left = Multiply.of(builder, call.cotangent(), call.operand(1));
    Value right = Multiply.of(builder, call.cotangent(), call.operand(0));
    return List.of(left, right);
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(
                Array.f32(new int[] {6}, -3, -1.5, 0.5, 2, 7, -2.25),
                Array.f32(new int[] {6}, 2, -0.75, 4, -1.25, 3, 5.5)),
            List.of(Array.f32(new int[] {6}, -6, 1.125, 2, -2.5, 21, -12.375)),
            "numpy 1.24.2"),
        Sample.of(
                "ties and limits",
                NoAttributes.NONE,
                List.of(
                    Array.f32(
                        new int[] {5},
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN,
                        1,
                        0),
                    Array.f32(new int[] {5}, 1, 2, 3, Double.NaN, 0)),
                List.of(
                    Array.f32(
                        new int[] {5},
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN,
                        Double.NaN,
                        0)),
                "numpy 1.24.2")
            .kink(),
        Sample.of(
                "integers",
                NoAttributes.NONE,
                List.of(
                    Array.i32(new int[] {6}, 7, -7, 7, -7, 0, 5),
                    Array.i32(new int[] {6}, 2, 2, -3, -3, 4, 5)),
                List.of(Array.i32(new int[] {6}, 14, -14, -21, 21, 0, 25)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "the product";
  }
}
