package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.Dim;

/**
 * An op of one operand whose every result element is the operand's element at another place. Its
 * nest is a copy, which fusion folds into the index expressions of whatever reads it.
 */
public abstract class MovementOp<A extends Record> extends PrimitiveOp<A> {
  protected MovementOp(String name, Class<A> attributesType) {
    super(name, attributesType, "x");
  }

  /** Where the element at an index of the result comes from; the definition. */
  protected abstract int[] source(A attributes, int[] shape, int[] index);

  /**
   * Where the element at an index of the result comes from.
   *
   * @param shape the operand's
   */
  protected abstract List<Expr> source(A attributes, List<Dim> shape, List<Expr> index);

  @Override
  public final List<Array> eval(EvalCall<A> call) {
    Array x = call.operand(0);
    Array result = Array.zeros(x.dtype(), call.shape());
    for (int i = 0; i < result.size(); i++) {
      int[] index = Array.index(result.shape(), i);
      result.data()[i] = x.at(source(call.attributes(), x.shape(), index));
    }
    return List.of(result);
  }

  @Override
  public final void lower(Lowering<A> lowering) {
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> index = Lowering.index(axes);
    List<Expr> source = source(lowering.attributes(), lowering.operand(0).shape(), index);
    lowering.elementwise(
        axes, lowering.result(), index, new Expr.Load(lowering.operand(0), source));
  }
}
