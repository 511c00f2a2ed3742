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

/** 1 / sqrt(x). */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Rsqrt extends UnaryOp {
  private static final Rsqrt OP = new Rsqrt();

  public Rsqrt() {
    super("rsqrt", Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  protected double compute(NoAttributes attributes, List<DType> dtypes, double[] operands) {
    return 1 / Math.sqrt(operands[0]);
  }

  @Override
  protected Expr express(NoAttributes attributes, List<Expr> operands) {
    Expr root = Expr.apply(ScalarOp.SQUARE_ROOT, operands.get(0));
    return Expr.constant(root.dtype(), 1).dividedBy(root);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value y = call.result();
    Value half = Multiply.of(builder, call.cotangent(), Constant.like(builder, y, -0.5));
    Value cube = Multiply.of(builder, y, Multiply.of(builder, y, y));
    return List.of(Multiply.of(builder, half, cube));
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(Array.f32(new int[] {8}, 0.125, 0.25, 0.75, 1, 1.5, 2.5, 7, 13)),
            List.of(
                Array.f32(
                    new int[] {8},
                    2.82842712474619,
                    2,
                    1.1547005383792517,
                    1,
                    0.8164965809277261,
                    0.6324555320336759,
                    0.3779644730092272,
                    0.2773500981126146)),
            "numpy 1.24.2"),
        Sample.of(
                "kinks and limits",
                NoAttributes.NONE,
                List.of(Array.f32(new int[] {4}, 0, -1, Double.POSITIVE_INFINITY, Double.NaN)),
                List.of(
                    Array.f32(new int[] {4}, Double.POSITIVE_INFINITY, Double.NaN, 0, Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "1 / sqrt(x)";
  }
}
