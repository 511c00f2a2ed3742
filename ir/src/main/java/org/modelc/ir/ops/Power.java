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

/** The left number to the power of the right one. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Power extends BinaryOp {
  private static final Power OP = new Power();

  public Power() {
    super("power", ScalarOp.POWER, Domain.FLOATING);
  }

  /** Broadcasts the operands and makes the node. */
  public static Value of(GraphBuilder builder, Value left, Value right) {
    return OP.build(builder, NoAttributes.NONE, left, right);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    return List.of(base(builder, call), exponent(builder, call));
  }

  /** g·b·a^(b−1), and 0 for an exponent of 0, where a = 0 would give 0·∞. */
  private static Value base(GraphBuilder builder, VjpCall<NoAttributes> call) {
    Value exponent = call.operand(1);
    Value zero = Constant.like(builder, exponent, 0);
    Value lower = Subtract.of(builder, exponent, Constant.like(builder, exponent, 1));
    Value slope = Multiply.of(builder, exponent, Power.of(builder, call.operand(0), lower));
    Value product = Multiply.of(builder, call.cotangent(), slope);
    return Select.of(builder, Equal.of(builder, exponent, zero), zero, product);
  }

  /** g·a^b·ln a, and 0 where a = 0 and b ≥ 0, the limit. */
  private static Value exponent(GraphBuilder builder, VjpCall<NoAttributes> call) {
    Value zero = Constant.like(builder, call.operand(0), 0);
    Value slope = Multiply.of(builder, call.result(), Log.of(builder, call.operand(0)));
    Value product = Multiply.of(builder, call.cotangent(), slope);
    Value baseIsZero = Equal.of(builder, call.operand(0), zero);
    Value growing = GreaterEqual.of(builder, call.operand(1), zero);
    Value flat = LogicalAnd.of(builder, baseIsZero, growing);
    return Select.of(builder, flat, zero, product);
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(
                Array.f32(new int[] {5}, 0.5, 1.5, 2, 3, 0.75),
                Array.f32(new int[] {5}, 2, -1.5, 0.5, 3, 0)),
            List.of(Array.f32(new int[] {5}, 0.25, 0.5443310539518174, 1.4142135623730951, 27, 1)),
            "numpy 1.24.2"),
        Sample.of(
                "ties and limits",
                NoAttributes.NONE,
                List.of(
                    Array.f32(new int[] {7}, -2, -2, 0, 0, 0, Double.POSITIVE_INFINITY, Double.NaN),
                    Array.f32(new int[] {7}, 3, 0.5, 0, 2, -1, -1, 0)),
                List.of(
                    Array.f32(new int[] {7}, -8, Double.NaN, 1, 0, Double.POSITIVE_INFINITY, 0, 1)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "the left number to the power of the right one";
  }
}
