package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** The index of the largest or smallest element along an axis. */
abstract class ArgumentOp extends PrimitiveOp<ArgumentOp.Attributes> {
  private final Combiner combiner;
  private final double worst;

  /** The axis searched. */
  public record Attributes(@Attribute(value = "-1", doc = "the axis searched") int axis) {}

  /**
   * @param combiner finds the extreme value
   * @param worst what any element is at least as good as
   */
  protected ArgumentOp(String name, Combiner combiner, double worst) {
    super(name, Attributes.class, "x");
    this.combiner = combiner;
    this.worst = worst;
  }

  /** Whether a number is strictly better than another. */
  protected abstract boolean better(double left, double right);

  @Override
  public final boolean isDifferentiable() {
    return false;
  }

  @Override
  public final List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    Domain.NUMERIC.check(name(), type.dtype());
    int axis = Operands.axis(name(), call.attributes().axis(), type.rank());
    if (type.dim(axis).is(0)) {
      throw new OpException(name() + " of nothing: axis " + axis + " of " + type + " is empty");
    }
    List<Dim> shape = new ArrayList<>(type.shape());
    shape.remove(axis);
    return List.of(TensorType.of(DType.I32, shape));
  }

  @Override
  public final List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    Array result = Array.zeros(DType.I32, call.shape());
    for (int i = 0; i < result.size(); i++) {
      int best = 0;
      for (int k = 1; k < x.shape()[axis]; k++) {
        double found = x.at(place(result, i, axis, k));
        double known = x.at(place(result, i, axis, best));
        boolean firstNaN = Double.isNaN(found) && !Double.isNaN(known);
        best = firstNaN || better(found, known) ? k : best;
      }
      result.data()[i] = best;
    }
    return List.of(result);
  }

  private static int[] place(Array result, int offset, int axis, int k) {
    int[] index = Array.index(result.shape(), offset);
    int[] place = new int[index.length + 1];
    for (int i = 0; i < place.length; i++) {
      place[i] = i < axis ? index[i] : i == axis ? k : index[i - 1];
    }
    return place;
  }

  /**
   * Two nests: the extreme value, which is NaN if there is one; then the least index that has it.
   */
  @Override
  public final void lower(Lowering<Attributes> lowering) {
    Buffer x = lowering.operand(0);
    int axis = Operands.axis(name(), lowering.attributes().axis(), x.rank());
    DType compute = ElementwiseOp.computeType(x.dtype());
    Buffer extreme = lowering.temporary(compute, lowering.result().shape());
    searchValue(lowering, axis, extreme);
    searchIndex(lowering, axis, extreme);
  }

  private void searchValue(Lowering<Attributes> lowering, int axis, Buffer extreme) {
    List<Axis> all = lowering.axes(lowering.operand(0).shape());
    Expr element = element(lowering.operand(0), all);
    reduce(
        lowering,
        all,
        axis,
        new LoopNest.Reduction(combiner, start(extreme.dtype()), element),
        extreme);
  }

  private void searchIndex(Lowering<Attributes> lowering, int axis, Buffer extreme) {
    List<Axis> all = lowering.axes(lowering.operand(0).shape());
    Expr element = element(lowering.operand(0), all);
    Expr found = Expr.apply(ScalarOp.EQUAL, element, new Expr.Load(extreme, rest(all, axis)));
    Expr isNaN = Expr.apply(ScalarOp.NOT_EQUAL, element, element);
    Expr hit = element.dtype().isFloating() ? Expr.apply(ScalarOp.OR, found, isNaN) : found;
    Expr none = Expr.integer(Integer.MAX_VALUE);
    Expr index = Expr.select(hit, all.get(axis).variable(), none);
    reduce(
        lowering,
        all,
        axis,
        new LoopNest.Reduction(Combiner.MINIMUM, none, index),
        lowering.result());
  }

  private static Expr element(Buffer x, List<Axis> all) {
    return Expr.cast(ElementwiseOp.computeType(x.dtype()), new Expr.Load(x, Lowering.index(all)));
  }

  private static List<Expr> rest(List<Axis> all, int axis) {
    List<Expr> rest = new ArrayList<>(Lowering.index(all));
    rest.remove(axis);
    return rest;
  }

  private static void reduce(
      Lowering<Attributes> lowering,
      List<Axis> all,
      int axis,
      LoopNest.Reduction reduction,
      Buffer target) {
    List<Axis> parallel = new ArrayList<>(all);
    Axis reduced = parallel.remove(axis);
    Expr value = LoopNest.reduced(0, reduction.dtype());
    lowering.nest(
        parallel,
        List.of(reduced),
        List.of(reduction),
        List.of(new LoopNest.Store(target, rest(all, axis), value)));
  }

  private Expr start(DType compute) {
    return switch (compute) {
      case F32, F64, F16, BF16 -> Expr.constant(compute, worst);
      case I8, I32, BOOL -> Expr.integer(worst < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE);
      case I64 -> new Expr.IntConst(compute, worst < 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
    };
  }
}
