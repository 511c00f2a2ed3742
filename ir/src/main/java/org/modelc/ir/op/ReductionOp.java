package org.modelc.ir.op;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Joins the elements along axes by a {@link Combiner}; the result has the operand's type. */
public abstract class ReductionOp extends PrimitiveOp<ReductionOp.Axes> {
  private final Combiner combiner;
  private final Domain domain;

  /** What is joined. */
  public record Axes(
      @Attribute(doc = "the axes joined; negative ones count from the end; none of them: no change")
          List<Integer> axes,
      @Attribute(value = "false", doc = "keep joined axes with size 1") boolean keep) {
    public Axes {
      axes = List.copyOf(axes);
    }
  }

  protected ReductionOp(String name, Combiner combiner, Domain domain) {
    super(name, Axes.class, "x");
    this.combiner = combiner;
    this.domain = domain;
  }

  /** The value of an empty join. */
  protected abstract double initial(DType dtype);

  /** Joins two values; the definition. */
  protected abstract double join(DType dtype, double left, double right);

  @Override
  public final List<ValueType> infer(Call<Axes> call) {
    Operands.checkCount(this, call.operands());
    domain.check(name(), call.tensor(0).dtype());
    return List.of(reducedType(name(), call.attributes(), call.tensor(0)));
  }

  /**
   * The type of a reduction's result.
   *
   * @throws OpException if there is no such axis, or one is given twice
   */
  public static TensorType reducedType(String opName, Axes attributes, TensorType type) {
    Set<Integer> reduced = reduced(opName, attributes, type.rank());
    List<Dim> shape = new ArrayList<>();
    for (int axis = 0; axis < type.rank(); axis++) {
      if (!reduced.contains(axis)) {
        shape.add(type.dim(axis));
      } else if (attributes.keep()) {
        shape.add(Dim.ONE);
      }
    }
    return type.withShape(shape);
  }

  /** The axes joined, counted from the front. */
  protected final Set<Integer> reduced(Axes attributes, int rank) {
    return reduced(name(), attributes, rank);
  }

  private static Set<Integer> reduced(String opName, Axes attributes, int rank) {
    Set<Integer> reduced = new HashSet<>();
    for (int axis : attributes.axes()) {
      if (!reduced.add(Operands.axis(opName, axis, rank))) {
        throw new OpException(opName + " is given axis " + axis + " twice: " + attributes.axes());
      }
    }
    return reduced;
  }

  @Override
  public final List<Array> eval(EvalCall<Axes> call) {
    Array x = call.operand(0);
    Set<Integer> reduced = reduced(call.attributes(), x.rank());
    Array result = Array.zeros(x.dtype(), call.shape());
    java.util.Arrays.fill(result.data(), initial(x.dtype()));
    for (int i = 0; i < x.size(); i++) {
      int[] target = target(Array.index(x.shape(), i), reduced, call.attributes().keep());
      result.set(join(x.dtype(), result.at(target), x.data()[i]), target);
    }
    return List.of(result);
  }

  private static int[] target(int[] index, Set<Integer> reduced, boolean keep) {
    List<Integer> target = new ArrayList<>();
    for (int axis = 0; axis < index.length; axis++) {
      if (!reduced.contains(axis)) {
        target.add(index[axis]);
      } else if (keep) {
        target.add(0);
      }
    }
    return target.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public final void lower(Lowering<Axes> lowering) {
    int rank = lowering.operand(0).rank();
    Set<Integer> reduced = reduced(lowering.attributes(), rank);
    List<Axis> all = lowering.axes(lowering.operand(0).shape());
    List<Axis> parallel = new ArrayList<>();
    List<Axis> joined = new ArrayList<>();
    List<Expr> target = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      (reduced.contains(axis) ? joined : parallel).add(all.get(axis));
      if (!reduced.contains(axis)) {
        target.add(all.get(axis).variable());
      } else if (lowering.attributes().keep()) {
        target.add(Expr.integer(0));
      }
    }
    Expr load = new Expr.Load(lowering.operand(0), Lowering.index(all));
    Expr body = Expr.cast(ElementwiseOp.computeType(load.dtype()), load);
    emit(lowering, parallel, joined, target, body);
  }

  private void emit(
      Lowering<Axes> lowering,
      List<Axis> parallel,
      List<Axis> joined,
      List<Expr> target,
      Expr body) {
    DType stored = lowering.result().dtype();
    if (joined.isEmpty()) {
      lowering.elementwise(parallel, lowering.result(), target, ElementwiseOp.stored(stored, body));
      return;
    }
    Expr start = Expr.constant(body.dtype(), initial(stored));
    Expr value = ElementwiseOp.stored(stored, LoopNest.reduced(0, body.dtype()));
    lowering.nest(
        parallel,
        joined,
        List.of(new LoopNest.Reduction(combiner, start, body)),
        List.of(new LoopNest.Store(lowering.result(), target, value)));
  }
}
