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
import org.modelc.runtime.spec.DType;

/** −1, 0 or 1 by the sign; NaN for NaN. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Sign extends UnaryOp {
  private static final Sign OP = new Sign();

  public Sign() {
    super("sign", Domain.NUMERIC);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  protected double compute(NoAttributes attributes, List<DType> dtypes, double[] operands) {
    return Math.signum(operands[0]);
  }

  @Override
  protected Expr express(NoAttributes attributes, List<Expr> operands) {
    Expr x = operands.get(0);
    Expr zero = Expr.constant(x.dtype(), 0);
    Expr one = Expr.constant(x.dtype(), 1);
    Expr minusOne = Expr.constant(x.dtype(), -1);
    Expr atMostZero = Expr.select(Expr.apply(ScalarOp.LESS, x, zero), minusOne, x);
    return Expr.select(Expr.apply(ScalarOp.GREATER, x, zero), one, atMostZero);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
                "values",
                NoAttributes.NONE,
                List.of(
                    Array.f32(
                        new int[] {12},
                        -3,
                        -1.5,
                        -0.625,
                        -0.125,
                        0.25,
                        0.75,
                        1.25,
                        2.5,
                        0,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(
                    Array.f32(new int[] {12}, -1, -1, -1, -1, 1, 1, 1, 1, 0, 1, -1, Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "-1, 0 or 1 by the sign; NaN for NaN";
  }
}
