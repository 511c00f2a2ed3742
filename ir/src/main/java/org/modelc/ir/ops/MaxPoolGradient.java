package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;

/**
 * The gradient of {@link MaxPool}: each window's cotangent goes to its largest element, the first
 * of equals in row-major order (the first NaN, if there is one). It has no gradient itself.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class MaxPoolGradient extends PrimitiveOp<PoolOp.Attributes> {
  private static final MaxPoolGradient OP = new MaxPoolGradient();

  public MaxPoolGradient() {
    super("max_pool_gradient", PoolOp.Attributes.class, "x", "cotangent");
  }

  /** The gradient at x of a max pool whose result has this cotangent. */
  public static Value of(
      GraphBuilder builder, Value x, Value cotangent, PoolOp.Attributes attributes) {
    return builder.add(OP, attributes, List.of(x, cotangent)).get(0);
  }

  /**
   * The gradient at x, 0 wherever x is not above a limit. An element that a window's cotangent goes
   * to is above it just if the pool's result is, so that fewer elements are compared.
   *
   * @param attributes those of a max pool
   */
  public static Value above(
      GraphBuilder builder, Value x, double limit, Value cotangent, Record attributes) {
    PoolOp.Attributes pool = (PoolOp.Attributes) attributes;
    Value largest = MaxPool.of(builder, x, pool);
    Value isAbove = Greater.of(builder, largest, Constant.like(builder, largest, limit));
    Value zero = Constant.like(builder, largest, 0);
    return of(builder, x, Select.of(builder, isAbove, cotangent, zero), pool);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<ValueType> infer(Call<PoolOp.Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType pooled = PoolOp.pooledType("max_pool", call.attributes(), call.tensor(0));
    if (!pooled.equals(call.tensor(1))) {
      throw new OpException(
          "max_pool_gradient needs a cotangent " + pooled + ", got " + call.tensor(1));
    }
    return List.of(call.tensor(0));
  }

  @Override
  public List<Array> eval(EvalCall<PoolOp.Attributes> call) {
    Array x = call.operand(0);
    Array cotangent = call.operand(1);
    PoolWindows windows = PoolOp.windows(name(), call.attributes(), x.rank());
    Array result = Array.zeros(x.dtype(), x.shape());
    for (int i = 0; i < cotangent.size(); i++) {
      int[] best = null;
      for (int[] place : windows.places(Array.index(cotangent.shape(), i), x.shape())) {
        boolean firstNaN = best != null && Double.isNaN(x.at(place)) && !Double.isNaN(x.at(best));
        best = best == null || firstNaN || x.at(place) > x.at(best) ? place : best;
      }
      if (best != null) {
        result.set(result.at(best) + cotangent.data()[i], best);
      }
    }
    return List.of(result);
  }

  /**
   * Parallel over examples, whose planes are independent; each window in turn. Windows side by
   * side, the usual ones, need no sums.
   */
  @Override
  public void lower(Lowering<PoolOp.Attributes> lowering) {
    lowering.statements(
        TiledPoolGradient.fits(lowering)
            ? new TiledPoolGradient(lowering).all()
            : new MaxPoolGradientStatements(lowering).all());
  }

  @Override
  public List<Sample<PoolOp.Attributes>> samples() {
    return List.of(
        Sample.of(
            "first of equals",
            new PoolOp.Attributes(List.of(2), List.of(), List.of(0), List.of(0)),
            List.of(
                Array.f32(new int[] {1, 1, 2, 4}, 1, 5, 2, 2, 5, 4, 2, 2),
                Array.f32(new int[] {1, 1, 1, 2}, 3, 7)),
            List.of(Array.f32(new int[] {1, 1, 2, 4}, 0, 3, 7, 0, 0, 0, 0, 0)),
            "by hand"),
        Sample.of(
            "overlapping and padded",
            new PoolOp.Attributes(List.of(3), List.of(2), List.of(1), List.of(1)),
            List.of(SampleValues.spread(1, 1, 2, 5, 7), SampleValues.spread(2, 1, 2, 3, 4)),
            List.of(
                Array.f32(
                    new int[] {1, 2, 5, 7},
                    0,
                    0,
                    0.28125,
                    0,
                    0,
                    0.875,
                    0,
                    -0.875,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0.90625,
                    0,
                    0,
                    -1.40625,
                    0,
                    0,
                    0,
                    0,
                    -0.5,
                    0,
                    0,
                    1.03125,
                    0,
                    -0.78125,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0.375,
                    0,
                    0,
                    0,
                    0,
                    0.6875,
                    0,
                    0,
                    1.53125,
                    0,
                    0,
                    0.53125,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    -1,
                    0,
                    0,
                    0,
                    0,
                    -0.6875,
                    0,
                    0,
                    0.46875,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0)),
            "torch 1.13 max_pool2d, backward"),
        Sample.of(
            "volume",
            new PoolOp.Attributes(List.of(2, 1, 2), List.of(1, 2, 2), List.of(1, 0, 0), List.of(0)),
            List.of(SampleValues.spread(2, 1, 2, 2, 3, 4), SampleValues.spread(3, 1, 2, 2, 2, 2))));
  }

  @Override
  public String doc() {
    return "the gradient of max_pool: each window's cotangent at its first largest element";
  }
}
