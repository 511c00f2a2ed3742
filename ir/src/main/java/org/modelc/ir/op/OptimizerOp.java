package org.modelc.ir.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;

/**
 * A rule that updates one parameter from its gradient. An optimiser is one file: it names the
 * buffers it keeps for each parameter (slots, of the parameter's type, zero before the first step)
 * and builds the new values.
 *
 * <p>Operands: {@code parameter}, {@code gradient} of its type, {@code rate: f32[]}, {@code step:
 * i64[]} (0 at the first update), then the slots. Results: the new parameter and the new slots.
 */
public abstract class OptimizerOp<A extends Record> extends CompositeOp<A> {
  protected OptimizerOp(String name, Class<A> attributesType) {
    super(name, attributesType, "parameter", "gradient", "rate", "step", "slots*");
  }

  /** The names of the buffers kept for each parameter; none if the attributes need none. */
  public abstract List<String> slots(A attributes);

  /** The new parameter and slots. */
  protected abstract List<Value> update(Update<A> update);

  /**
   * What an update is built from.
   *
   * @param rate the learning rate, a scalar of the parameter's element type
   * @param count the number of this update counted from 1, a scalar of that type
   */
  public record Update<A extends Record>(
      GraphBuilder builder,
      A attributes,
      Value parameter,
      Value gradient,
      Value rate,
      Value count,
      List<Value> slots) {
    /** A number as a scalar of the parameter's element type. */
    public Value number(double value) {
      return Constant.like(builder, parameter, value);
    }

    /** {@code factor × x}; x itself for a factor of 1. */
    public Value scaled(double factor, Value x) {
      return factor == 1 ? x : Multiply.of(builder, x, number(factor));
    }

    /** The moving average {@code kept × average + (1 − kept) × x}. */
    public Value average(double kept, Value average, Value x) {
      return Add.of(builder, scaled(kept, average), scaled(1 - kept, x));
    }

    /** The gradient of a penalty of half the square, {@code gradient + decay × parameter}. */
    public Value decayedGradient(double decay) {
      return decay == 0 ? gradient : Add.of(builder, gradient, scaled(decay, parameter));
    }
  }

  /**
   * Adds an update to a graph.
   *
   * @param slots in the order of {@link #slots}
   * @return the new parameter, then the new slots
   */
  public final List<Value> apply(
      GraphBuilder builder,
      A attributes,
      Value parameter,
      Value gradient,
      Value rate,
      Value step,
      List<Value> slots) {
    List<Value> operands = new ArrayList<>(List.of(parameter, gradient, rate, step));
    operands.addAll(slots);
    return builder.add(this, attributes, operands);
  }

  @Override
  public final boolean isDifferentiable() {
    return false;
  }

  @Override
  public final List<ValueType> infer(Call<A> call) {
    Operands.checkCount(this, call.operands());
    TensorType parameter = call.tensor(0);
    Domain.FLOATING.check(name(), parameter.dtype());
    List<String> slots = slots(call.attributes());
    if (call.operands().size() != 4 + slots.size()) {
      throw new OpException(
          name() + " keeps " + slots + ", got " + (call.operands().size() - 4) + " slots");
    }
    for (int i = 0; i < call.operands().size(); i++) {
      boolean control = i == 2 || i == 3;
      if (control ? call.tensor(i).rank() != 0 : !call.tensor(i).equals(parameter)) {
        String wanted = control ? "a scalar" : parameter.toString();
        throw new OpException(
            name() + "'s operand " + i + " must be " + wanted + ", got " + call.tensor(i));
      }
    }
    return new ArrayList<>(Collections.nCopies(1 + slots.size(), parameter));
  }

  @Override
  public final List<Value> expand(GraphBuilder builder, A attributes, List<Value> operands) {
    Value parameter = operands.get(0);
    DType dtype = parameter.tensor().dtype();
    Value rate = Cast.of(builder, operands.get(2), dtype);
    Value step = Cast.of(builder, operands.get(3), dtype);
    Value count = Add.of(builder, step, Constant.like(builder, parameter, 1));
    List<Value> slots = operands.subList(4, operands.size());
    return update(
        new Update<>(builder, attributes, parameter, operands.get(1), rate, count, slots));
  }
}
