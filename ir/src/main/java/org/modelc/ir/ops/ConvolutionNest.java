package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.Lowering;
import org.modelc.runtime.spec.Dim;

/**
 * The nest of a {@link Convolution} over an input that is padded already. Axes of size 1 are left
 * out.
 */
final class ConvolutionNest {
  private final Lowering<Convolution.Attributes> lowering;
  private final Buffer x;
  private final Buffer kernel;
  private final WindowGeometry windows;
  private final List<Axis> parallel = new ArrayList<>();
  private final List<Axis> reduce = new ArrayList<>();

  ConvolutionNest(Lowering<Convolution.Attributes> lowering, Buffer x, WindowGeometry windows) {
    this.lowering = lowering;
    this.x = x;
    this.kernel = lowering.operand(1);
    this.windows = windows;
  }

  void emit() {
    Dim groups = Dim.constant(lowering.attributes().groups());
    Dim channelsOut = kernel.shape().get(0).dividedExactly(groups);
    Expr example = axis(parallel, x.shape().get(0));
    Expr group = axis(parallel, groups);
    Expr out = axis(parallel, channelsOut);
    List<Expr> places = axes(parallel, windows.outputs());
    Expr channel = axis(reduce, kernel.shape().get(1));
    List<Expr> window = axes(reduce, windows.windows());
    List<Expr> from =
        new ArrayList<>(List.of(example, join(group, kernel.shape().get(1), channel)));
    for (int i = 0; i < places.size(); i++) {
      Expr start = DimArithmetic.scale(places.get(i), windows.strides().get(i));
      from.add(sum(start, DimArithmetic.scale(window.get(i), windows.kernelDilation().get(i))));
    }
    Expr outChannel = join(group, channelsOut, out);
    List<Expr> weight = new ArrayList<>(List.of(outChannel, channel));
    weight.addAll(window);
    List<Expr> target = new ArrayList<>(List.of(example, outChannel));
    target.addAll(places);
    emit(load(x, from).times(load(kernel, weight)), target);
  }

  /** A reduction needs an axis, if of size 1: a window of one on one channel. */
  private void emit(Expr product, List<Expr> target) {
    if (reduce.isEmpty()) {
      reduce.addAll(lowering.axes(List.of(Dim.ONE)));
    }
    Expr zero = Expr.constant(product.dtype(), 0);
    Expr sum = LoopNest.reduced(0, product.dtype());
    Expr stored = ElementwiseOp.stored(lowering.result().dtype(), sum);
    lowering.nest(
        parallel,
        reduce,
        List.of(new LoopNest.Reduction(Combiner.SUM, zero, product)),
        List.of(new LoopNest.Store(lowering.result(), target, stored)));
  }

  private static Expr load(Buffer buffer, List<Expr> index) {
    Expr load = new Expr.Load(buffer, index);
    return Expr.cast(ElementwiseOp.computeType(load.dtype()), load);
  }

  private List<Expr> axes(List<Axis> kind, List<Dim> extents) {
    return extents.stream().map(extent -> axis(kind, extent)).toList();
  }

  private Expr axis(List<Axis> kind, Dim extent) {
    if (extent.is(1)) {
      return Expr.integer(0);
    }
    Axis axis = lowering.axes(List.of(extent)).get(0);
    kind.add(axis);
    return axis.variable();
  }

  /** {@code group × size + member}. */
  private static Expr join(Expr group, Dim size, Expr member) {
    if (isZero(group)) {
      return member;
    }
    return sum(size.is(1) ? group : group.times(Expr.size(size)), member);
  }

  private static Expr sum(Expr left, Expr right) {
    return isZero(left) ? right : isZero(right) ? left : left.plus(right);
  }

  private static boolean isZero(Expr expr) {
    return expr instanceof Expr.IntConst constant && constant.value() == 0;
  }
}
