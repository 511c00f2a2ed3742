package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.Lowering;
import org.modelc.runtime.spec.Dim;

/**
 * The nest of a {@link Convolution}, or of a part of one, over an input that is padded already.
 * Axes of size 1 are left out.
 */
final class ConvolutionNest {
  private final Lowering<Convolution.Attributes> lowering;
  private final Buffer x;
  private final Buffer kernel;
  private final List<WindowPart> part;
  private final List<Axis> parallel = new ArrayList<>();
  private final List<Axis> reduce = new ArrayList<>();

  ConvolutionNest(Lowering<Convolution.Attributes> lowering, Buffer x, List<WindowPart> part) {
    this.lowering = lowering;
    this.x = x;
    this.kernel = lowering.operand(1);
    this.part = part;
  }

  void emit() {
    Dim groups = Dim.constant(lowering.attributes().groups());
    Dim channelsOut = kernel.shape().get(0).dividedExactly(groups);
    Expr example = axis(parallel, x.shape().get(0));
    Expr group = axis(parallel, groups);
    Expr out = axis(parallel, channelsOut);
    List<Expr> places = axes(parallel, part.stream().map(WindowPart::outputs).toList());
    Expr outChannel = join(group, channelsOut, out);
    List<Expr> target = new ArrayList<>(List.of(example, outChannel));
    for (int i = 0; i < places.size(); i++) {
      target.add(part.get(i).output(places.get(i)));
    }
    if (part.stream().anyMatch(axis -> axis.taps().is(0))) {
      Expr none = Expr.constant(lowering.result().dtype(), 0);
      lowering.elementwise(parallel, lowering.result(), target, none);
      return;
    }
    Expr channel = axis(reduce, kernel.shape().get(1));
    List<Expr> taps = axes(reduce, part.stream().map(WindowPart::taps).toList());
    List<Expr> from =
        new ArrayList<>(List.of(example, join(group, kernel.shape().get(1), channel)));
    List<Expr> weight = new ArrayList<>(List.of(outChannel, channel));
    for (int i = 0; i < places.size(); i++) {
      from.add(part.get(i).input(places.get(i), taps.get(i)));
      weight.add(part.get(i).kernel(taps.get(i)));
    }
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
    if (WindowPart.isZero(group)) {
      return member;
    }
    return WindowPart.sum(size.is(1) ? group : group.times(Expr.size(size)), member);
  }
}
