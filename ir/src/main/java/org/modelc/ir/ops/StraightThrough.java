package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.runtime.spec.DType;

/**
 * The first operand's value with the second one's gradient: the straight-through estimator of
 * rounding and the like (Bengio et al. 2013).
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class StraightThrough extends ElementwiseOp<NoAttributes> {
  private static final StraightThrough OP = new StraightThrough();

  public StraightThrough() {
    super("straight_through", NoAttributes.class, "value", "x");
  }

  /** Broadcasts the operands and makes the node. */
  public static Value of(GraphBuilder builder, Value value, Value x) {
    return OP.build(builder, NoAttributes.NONE, value, x);
  }

  @Override
  protected DType resultType(NoAttributes attributes, List<DType> dtypes) {
    if (dtypes.get(0) != dtypes.get(1)) {
      throw new OpException("straight_through needs operands of one type, got " + dtypes);
    }
    return dtypes.get(0);
  }

  @Override
  protected double compute(NoAttributes attributes, List<DType> dtypes, double[] operands) {
    return operands[0];
  }

  @Override
  protected Expr express(NoAttributes attributes, List<Expr> operands) {
    return operands.get(0);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    return Arrays.asList(null, call.cotangent());
  }

  /** No gradient check: the rule is not the derivative, which is the point. */
  @Override
  public List<Sample<NoAttributes>> samples() {
    Array rounded = Array.f32(new int[] {2}, 2, -1);
    Array x = Array.f32(new int[] {2}, 1.75, -1.25);
    return List.of(
        Sample.of("rounding", NoAttributes.NONE, List.of(rounded, x), List.of(rounded), "by hand")
            .kink());
  }

  @Override
  public String doc() {
    return "the first operand's value with the second one's gradient";
  }
}
