package org.modelc.ir.op;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;

/**
 * An op of which each result element depends on the operands' elements at the same place. Operands
 * have one shape; {@link #build} broadcasts them to it first.
 */
public abstract class ElementwiseOp<A extends Record> extends PrimitiveOp<A> {
  protected ElementwiseOp(String name, Class<A> attributesType, String... operandNames) {
    super(name, attributesType, operandNames);
  }

  /** One element's value; the definition. Floating values need no rounding. */
  protected abstract double compute(A attributes, List<DType> dtypes, double[] operands);

  /** One element's value as a kernel expression in the operands' compute types. */
  protected abstract Expr express(A attributes, List<Expr> operands);

  /**
   * The result's element type.
   *
   * @throws OpException if the op is not defined on these types
   */
  protected abstract DType resultType(A attributes, List<DType> dtypes);

  @Override
  public final boolean broadcasts() {
    return operandNames().size() > 1;
  }

  /** Broadcasts the operands to their common shape and makes the node. */
  public final Value build(GraphBuilder builder, A attributes, Value... operands) {
    List<Value> fitted = Broadcasting.toCommonShape(builder, name(), List.of(operands));
    return builder.add(this, attributes, fitted).get(0);
  }

  @Override
  public final List<ValueType> infer(Call<A> call) {
    Operands.checkCount(this, call.operands());
    TensorType first = call.tensor(0);
    List<DType> dtypes = new ArrayList<>();
    for (int i = 0; i < call.operands().size(); i++) {
      dtypes.add(call.tensor(i).dtype());
      if (!call.tensor(i).shape().equals(first.shape())) {
        throw new OpException(
            name() + " needs operands of one shape, got " + first + " and " + call.tensor(i),
            "insert a broadcast");
      }
    }
    return List.of(TensorType.of(resultType(call.attributes(), dtypes), first.shape()));
  }

  @Override
  public final List<Array> eval(EvalCall<A> call) {
    List<DType> dtypes = call.operands().stream().map(Array::dtype).toList();
    double[] operands = new double[dtypes.size()];
    Array result = Array.zeros(call.results().get(0).dtype(), call.shape());
    for (int i = 0; i < result.size(); i++) {
      for (int operand = 0; operand < operands.length; operand++) {
        operands[operand] = call.operand(operand).data()[i];
      }
      result.data()[i] = compute(call.attributes(), dtypes, operands);
    }
    return List.of(result);
  }

  @Override
  public final void lower(Lowering<A> lowering) {
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> index = Lowering.index(axes);
    List<Expr> operands = new ArrayList<>();
    for (Buffer operand : lowering.operands()) {
      Expr load = new Expr.Load(operand, index);
      operands.add(Expr.cast(computeType(load.dtype()), load));
    }
    Expr value = express(lowering.attributes(), operands);
    Expr result = stored(lowering.result().dtype(), value);
    lowering.elementwise(axes, lowering.result(), index, result);
  }

  /** A computed value as it is stored; a store narrows f32 to 16 bits by itself. */
  public static Expr stored(DType storage, Expr value) {
    return Expr.cast(storage.loaded(), value);
  }

  /** The type arithmetic on a storage type happens in. */
  public static DType computeType(DType stored) {
    return switch (stored) {
      case F16, BF16 -> DType.F32;
      case I8 -> DType.I32;
      case F32, F64, I32, I64, BOOL -> stored;
    };
  }

  /** The type that sums of products of a type are given in: eight bits hold none. */
  public static DType summed(DType operands) {
    return operands == DType.I8 ? DType.I32 : operands;
  }
}
