package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/**
 * Joins the elements of windows that slide over the spatial axes of {@code [batch, channels,
 * spatial…]}.
 */
abstract class PoolOp extends PrimitiveOp<PoolOp.Attributes> {
  private final Combiner combiner;
  private final double filler;

  /** How the window moves. Each list has an element for each spatial axis, or one for all. */
  public record Attributes(
      @Attribute(doc = "sizes of the window") List<Integer> window,
      @Attribute(value = "[]", doc = "steps of the window; none: its sizes") List<Integer> strides,
      @Attribute(value = "[0]", doc = "padding before the first element") List<Integer> padding_low,
      @Attribute(value = "[0]", doc = "padding after the last element")
          List<Integer> padding_high) {
    public Attributes {
      window = List.copyOf(window);
      strides = List.copyOf(strides);
      padding_low = List.copyOf(padding_low);
      padding_high = List.copyOf(padding_high);
    }

    /** The windows over so many spatial axes. */
    PoolWindows over(String opName, int axes) {
      List<Integer> steps = strides.isEmpty() ? window : strides;
      return new PoolWindows(
          DimArithmetic.forAxes(opName, "window", window, axes),
          DimArithmetic.forAxes(opName, "strides", steps, axes),
          DimArithmetic.forAxes(opName, "padding_low", padding_low, axes),
          DimArithmetic.forAxes(opName, "padding_high", padding_high, axes));
    }
  }

  /**
   * @param filler what padding holds: the combiner's neutral element
   */
  protected PoolOp(String name, Combiner combiner, double filler) {
    super(name, Attributes.class, "x");
    this.combiner = combiner;
    this.filler = filler;
  }

  /** The windows over a tensor. */
  static PoolWindows windows(String opName, Attributes attributes, int rank) {
    if (rank < 3) {
      throw new OpException(
          opName + " needs an operand [batch, channels, spatial…], got one of rank " + rank);
    }
    return attributes.over(opName, rank - 2);
  }

  /** The type of the result. */
  static TensorType pooledType(String opName, Attributes attributes, TensorType x) {
    Domain.FLOATING.check(opName, x.dtype());
    PoolWindows windows = windows(opName, attributes, x.rank());
    List<Dim> shape = new ArrayList<>(x.shape().subList(0, 2));
    shape.addAll(windows.counts(opName, x.shape().subList(2, x.rank())));
    return x.withShape(shape);
  }

  @Override
  public final List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    return List.of(pooledType(name(), call.attributes(), call.tensor(0)));
  }

  @Override
  public final List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    PoolWindows windows = windows(name(), call.attributes(), x.rank());
    Array result = Array.zeros(x.dtype(), call.shape());
    for (int i = 0; i < result.size(); i++) {
      double joined = filler;
      for (int[] place : windows.places(Array.index(result.shape(), i), x.shape())) {
        joined = ScalarFunctions.apply(combiner.op(), x.dtype(), joined, x.at(place));
      }
      result.data()[i] = joined;
    }
    return List.of(result);
  }

  /** Padding, if there is any, in a nest of its own; see {@link Convolution#lower}. */
  @Override
  public final void lower(Lowering<Attributes> lowering) {
    Buffer x = lowering.operand(0);
    PoolWindows windows = windows(name(), lowering.attributes(), x.rank());
    Buffer padded = windows.isPadded() ? pad(lowering, windows) : x;
    List<Axis> parallel = lowering.axes(lowering.result().shape());
    List<Axis> reduce = lowering.axes(windows.window().stream().map(Dim::constant).toList());
    List<Expr> from = new ArrayList<>(Lowering.index(parallel));
    for (int i = 0; i < reduce.size(); i++) {
      Expr start = DimArithmetic.scale(from.get(i + 2), windows.strides().get(i));
      from.set(i + 2, start.plus(reduce.get(i).variable()));
    }
    Expr load = new Expr.Load(padded, from);
    Expr body = Expr.cast(ElementwiseOp.computeType(load.dtype()), load);
    Expr start = Expr.constant(body.dtype(), filler);
    Expr value = LoopNest.reduced(0, body.dtype());
    Expr stored = ElementwiseOp.stored(lowering.result().dtype(), value);
    lowering.nest(
        parallel,
        reduce,
        List.of(new LoopNest.Reduction(combiner, start, body)),
        List.of(new LoopNest.Store(lowering.result(), Lowering.index(parallel), stored)));
  }

  private Buffer pad(Lowering<Attributes> lowering, PoolWindows windows) {
    Buffer x = lowering.operand(0);
    Pad.Attributes padding = windows.padding(filler);
    List<Dim> shape = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      Dim low = padding.low().get(axis);
      shape.add(x.shape().get(axis).plus(low).plus(padding.high().get(axis)));
    }
    Buffer padded = lowering.temporary(x.dtype(), shape);
    List<Axis> axes = lowering.axes(shape);
    Expr value = Pad.padded(x, padding, Lowering.index(axes));
    lowering.elementwise(axes, padded, Lowering.index(axes), value);
    return padded;
  }
}
