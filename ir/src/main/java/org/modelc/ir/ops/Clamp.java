package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.runtime.spec.DType;

/** The number, or the nearer bound; the derivative at the bounds is taken as 1. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Clamp extends ElementwiseOp<Clamp.Attributes> {
  private static final Clamp OP = new Clamp();

  /** The bounds. */
  public record Attributes(
      @Attribute(value = "-Infinity", doc = "lower bound") double minimum,
      @Attribute(value = "Infinity", doc = "upper bound") double maximum) {
    public Attributes {
      if (!(minimum <= maximum)) {
        throw new OpException("clamp's minimum " + minimum + " is above its maximum " + maximum);
      }
    }
  }

  public Clamp() {
    super("clamp", Attributes.class, "x");
  }

  public static Value of(GraphBuilder builder, Value x, double minimum, double maximum) {
    return OP.build(builder, new Attributes(minimum, maximum), x);
  }

  @Override
  protected DType resultType(Attributes attributes, List<DType> dtypes) {
    Domain.FLOATING.check(name(), dtypes.get(0));
    return dtypes.get(0);
  }

  @Override
  protected double compute(Attributes attributes, List<DType> dtypes, double[] operands) {
    return Math.min(Math.max(operands[0], attributes.minimum()), attributes.maximum());
  }

  @Override
  protected Expr express(Attributes attributes, List<Expr> operands) {
    Expr x = operands.get(0);
    Expr minimum = Expr.constant(x.dtype(), attributes.minimum());
    Expr maximum = Expr.constant(x.dtype(), attributes.maximum());
    Expr raised = Expr.apply(ScalarOp.MAXIMUM, x, minimum);
    return Expr.apply(ScalarOp.MINIMUM, raised, maximum);
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    GraphBuilder builder = call.builder();
    Value inside = Equal.of(builder, call.operand(0), call.result());
    Value zero = Constant.like(builder, call.cotangent(), 0);
    return List.of(Select.of(builder, inside, call.cotangent(), zero));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    int[] shape = {5};
    Attributes both = new Attributes(-1, 2);
    double infinity = Double.POSITIVE_INFINITY;
    return List.of(
        Sample.of(
            "both bounds",
            both,
            List.of(Array.f32(shape, -3, -0.5, 0, 1.5, 4)),
            List.of(Array.f32(shape, -1, -0.5, 0, 1.5, 2)),
            "by hand"),
        Sample.of(
                "limits",
                both,
                List.of(Array.f32(shape, -1, 2, infinity, -infinity, Double.NaN)),
                List.of(Array.f32(shape, -1, 2, 2, -1, Double.NaN)),
                "by hand")
            .kink());
  }

  @Override
  public String doc() {
    return "the number, or the nearer bound if it is outside";
  }
}
