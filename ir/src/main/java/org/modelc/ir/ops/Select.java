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

/** One of two numbers by a condition. The gradient goes to the one taken. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Select extends ElementwiseOp<NoAttributes> {
  private static final Select OP = new Select();

  public Select() {
    super("select", NoAttributes.class, "condition", "then", "otherwise");
  }

  /** Broadcasts the operands and makes the node. */
  public static Value of(GraphBuilder builder, Value condition, Value then, Value otherwise) {
    return OP.build(builder, NoAttributes.NONE, condition, then, otherwise);
  }

  @Override
  protected DType resultType(NoAttributes attributes, List<DType> dtypes) {
    if (dtypes.get(0) != DType.BOOL) {
      throw new OpException("select needs a bool condition, got " + dtypes.get(0), "compare it");
    }
    if (dtypes.get(1) != dtypes.get(2)) {
      throw new OpException(
          "select needs two values of one type, got " + dtypes.get(1) + " and " + dtypes.get(2),
          "convert one with cast");
    }
    return dtypes.get(1);
  }

  @Override
  protected double compute(NoAttributes attributes, List<DType> dtypes, double[] operands) {
    return operands[0] != 0 ? operands[1] : operands[2];
  }

  @Override
  protected Expr express(NoAttributes attributes, List<Expr> operands) {
    return Expr.select(operands.get(0), operands.get(1), operands.get(2));
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value zero = Constant.like(builder, call.cotangent(), 0);
    Value then = of(builder, call.operand(0), call.cotangent(), zero);
    Value otherwise = of(builder, call.operand(0), zero, call.cotangent());
    return Arrays.asList(null, then, otherwise);
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    int[] shape = {4};
    return List.of(
        Sample.of(
            "both taken",
            NoAttributes.NONE,
            List.of(
                Array.bool(shape, 1, 0, 1, 0),
                Array.f32(shape, 1, 2, 3, 4),
                Array.f32(shape, 5, 6, 7, 8)),
            List.of(Array.f32(shape, 1, 6, 3, 8)),
            "by hand"),
        Sample.of(
                "the other one may be NaN",
                NoAttributes.NONE,
                List.of(
                    Array.bool(shape, 1, 0, 1, 0),
                    Array.f32(shape, 1, 2, 3, Double.NaN),
                    Array.f32(shape, 5, 6, Double.POSITIVE_INFINITY, 8)),
                List.of(Array.f32(shape, 1, 6, 3, 8)),
                "by hand")
            .kink());
  }

  @Override
  public String doc() {
    return "the second operand where the condition holds, else the third";
  }
}
