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

/** The smaller number; NaN if one is NaN. At a tie each operand gets half of the gradient. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Minimum extends BinaryOp {
  private static final Minimum OP = new Minimum();

  public Minimum() {
    super("minimum", ScalarOp.MINIMUM, Domain.NUMERIC);
  }

  /** Broadcasts the operands and makes the node. */
  public static Value of(GraphBuilder builder, Value left, Value right) {
    return OP.build(builder, NoAttributes.NONE, left, right);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value left = call.operand(0);
    Value right = call.operand(1);
    return List.of(
        share(call, Less.of(builder, left, right)), share(call, Less.of(builder, right, left)));
  }

  /** All of the gradient where this operand wins, half at a tie, as torch and JAX do. */
  private static Value share(VjpCall<NoAttributes> call, Value wins) {
    GraphBuilder builder = call.builder();
    Value zero = Constant.like(builder, call.cotangent(), 0);
    Value half =
        Multiply.of(builder, call.cotangent(), Constant.like(builder, call.cotangent(), 0.5));
    Value tie = Equal.of(builder, call.operand(0), call.operand(1));
    Value rest = Select.of(builder, tie, half, zero);
    return Select.of(builder, wins, call.cotangent(), rest);
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
            List.of(Array.f32(new int[] {6}, -3, -1.5, 0.5, -1.25, 3, -2.25)),
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
                        new int[] {5}, 1, Double.NEGATIVE_INFINITY, Double.NaN, Double.NaN, 0)),
                "numpy 1.24.2")
            .kink(),
        Sample.of(
                "integers",
                NoAttributes.NONE,
                List.of(
                    Array.i32(new int[] {6}, 7, -7, 7, -7, 0, 5),
                    Array.i32(new int[] {6}, 2, 2, -3, -3, 4, 5)),
                List.of(Array.i32(new int[] {6}, 2, -7, -3, -7, 0, 5)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "the smaller number; NaN if one is NaN";
  }
}
