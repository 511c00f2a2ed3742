package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.UnaryOp;
import org.modelc.ir.op.VjpCall;
import org.modelc.runtime.spec.DType;

/** max(x, 0); its derivative at 0 is taken as 0. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Relu extends UnaryOp {
  private static final Relu OP = new Relu();

  public Relu() {
    super("relu", Domain.NUMERIC);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  protected double compute(NoAttributes attributes, List<DType> dtypes, double[] operands) {
    return Math.max(operands[0], 0);
  }

  @Override
  protected Expr express(NoAttributes attributes, List<Expr> operands) {
    Expr x = operands.get(0);
    return Expr.apply(ScalarOp.MAXIMUM, x, Expr.constant(x.dtype(), 0));
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value zero = Constant.like(builder, call.result(), 0);
    Value positive = Greater.of(builder, call.result(), zero);
    return List.of(Select.of(builder, positive, call.cotangent(), zero));
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(Array.f32(new int[] {8}, -3, -1.5, -0.625, -0.125, 0.25, 0.75, 1.25, 2.5)),
            List.of(Array.f32(new int[] {8}, 0, 0, 0, 0, 0.25, 0.75, 1.25, 2.5)),
            "numpy 1.24.2"),
        Sample.of(
                "kinks and limits",
                NoAttributes.NONE,
                List.of(
                    Array.f32(
                        new int[] {4},
                        0,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(Array.f32(new int[] {4}, 0, Double.POSITIVE_INFINITY, 0, Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "max(x, 0)";
  }
}
