package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.ReductionOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.runtime.spec.DType;

/** The product along axes. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Prod extends ReductionOp {
  private static final Prod OP = new Prod();

  public Prod() {
    super("prod", Combiner.PRODUCT, Domain.NUMERIC);
  }

  /** The product along axes. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> axes, boolean keep) {
    return axes.isEmpty() ? x : builder.add(OP, new Axes(axes, keep), List.of(x)).get(0);
  }

  @Override
  protected double initial(DType dtype) {
    return 1;
  }

  @Override
  protected double join(DType dtype, double left, double right) {
    return ScalarFunctions.apply(ScalarOp.MULTIPLY, dtype, left, right);
  }

  /**
   * The product of the others: the product divided by the element where there is no zero; at a
   * single zero the product of the rest; 0 elsewhere.
   */
  @Override
  public List<Value> vjp(VjpCall<Axes> call) {
    GraphBuilder builder = call.builder();
    Value x = call.operand(0);
    List<Integer> axes = call.attributes().axes();
    Value zero = Equal.of(builder, x, Constant.like(builder, x, 0));
    Value one = Constant.like(builder, x, 1);
    Value divisor = Select.of(builder, zero, one, x);
    Value isZero = Cast.of(builder, zero, x.tensor().dtype());
    Value zeros = Unreduce.of(builder, Sum.of(builder, isZero, axes, true), x, axes);
    Value rest = Unreduce.of(builder, of(builder, divisor, axes, true), x, axes);
    Value others = Select.of(builder, zero, rest, Divide.of(builder, rest, divisor));
    Value counts = Equal.of(builder, zeros, isZero);
    Value factor = Select.of(builder, counts, others, Constant.like(builder, x, 0));
    Value cotangent = Unreduce.of(builder, call.cotangent(), x, axes);
    return List.of(Multiply.of(builder, cotangent, factor));
  }

  @Override
  public List<Sample<Axes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, -4, 5, 0.5);
    return List.of(
        Sample.of(
            "last axis",
            new Axes(List.of(-1), false),
            List.of(x),
            List.of(Array.f32(new int[] {2}, 6, -10)),
            "by hand"),
        Sample.of(
            "one and two zeros",
            new Axes(List.of(1), false),
            List.of(Array.f32(new int[] {2, 3}, 0, 2, 3, 0, 5, 0)),
            List.of(Array.f32(new int[] {2}, 0, 0)),
            "by hand"),
        Sample.of(
            "nothing",
            new Axes(List.of(1), true),
            List.of(Array.zeros(DType.F32, 2, 0)),
            List.of(Array.f32(new int[] {2, 1}, 1, 1)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "the product along axes";
  }
}
