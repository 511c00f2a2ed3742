package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.Contraction;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/**
 * Convolution over one to three spatial axes, as {@code jax.lax.conv_general_dilated}: {@code x:
 * [batch, groups × c, spatial…]}, {@code kernel: [groups × o, c, window…]}, result {@code [batch,
 * groups × o, spatial…]}. (Cross-correlation, as everywhere in the field: the kernel is not turned
 * around.)
 *
 * <p>Products of i8 add up in i32. The op is closed under differentiation: with dilation of the
 * input and of the kernel both gradients are convolutions too, so a backend needs to be fast at one
 * thing.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Convolution extends PrimitiveOp<Convolution.Attributes>
    implements Contraction<Convolution.Attributes> {
  private static final Convolution OP = new Convolution();

  /** How the window moves. Each list has an element for each spatial axis, or one for all. */
  public record Attributes(
      @Attribute(value = "[1]", doc = "steps of the window") List<Integer> strides,
      @Attribute(value = "[0]", doc = "zeros before the first element; negative ones crop")
          List<Dim> padding_low,
      @Attribute(value = "[0]", doc = "zeros after the last element; negative ones crop")
          List<Dim> padding_high,
      @Attribute(value = "[1]", doc = "distance of the input's elements, with zeros between")
          List<Integer> input_dilation,
      @Attribute(value = "[1]", doc = "distance of the kernel's elements")
          List<Integer> kernel_dilation,
      @Attribute(value = "1", doc = "channel groups that do not mix") int groups) {
    public Attributes {
      strides = List.copyOf(strides);
      padding_low = List.copyOf(padding_low);
      padding_high = List.copyOf(padding_high);
      input_dilation = List.copyOf(input_dilation);
      kernel_dilation = List.copyOf(kernel_dilation);
    }
  }

  public Convolution() {
    super("convolution", Attributes.class, "x", "kernel");
  }

  /** A convolution. */
  public static Value of(GraphBuilder builder, Value x, Value kernel, Attributes attributes) {
    return builder.add(OP, attributes, List.of(x, kernel)).get(0);
  }

  /**
   * A convolution that finds another number than 0 around and between the input's elements.
   *
   * @param padding the number, such as the integer that stands for 0
   */
  public static Value of(
      GraphBuilder builder, Value x, Value kernel, Attributes attributes, double padding) {
    WindowGeometry windows =
        WindowGeometry.of(
            attributes, spatial(x.tensor().shape()), spatial(kernel.tensor().shape()));
    Pad.Attributes around = windows.padding();
    Value padded = Pad.of(builder, x, around.low(), around.high(), around.interior(), padding);
    List<Dim> none = List.of(Dim.ZERO);
    Attributes plain =
        new Attributes(
            attributes.strides(),
            none,
            none,
            List.of(1),
            attributes.kernel_dilation(),
            attributes.groups());
    return of(builder, padded, kernel, plain);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType x = call.tensor(0);
    TensorType kernel = call.tensor(1);
    Domain.NUMERIC.check(name(), x.dtype());
    check(x, kernel, call.attributes().groups());
    WindowGeometry windows =
        WindowGeometry.of(call.attributes(), spatial(x.shape()), spatial(kernel.shape()));
    List<Dim> shape = new ArrayList<>(List.of(x.dim(0), kernel.dim(0)));
    shape.addAll(windows.outputs());
    return List.of(TensorType.of(ElementwiseOp.summed(x.dtype()), shape));
  }

  private static List<Dim> spatial(List<Dim> shape) {
    return shape.subList(2, shape.size());
  }

  private static void check(TensorType x, TensorType kernel, int groups) {
    if (x.rank() != kernel.rank() || x.rank() < 3 || x.rank() > 5 || x.dtype() != kernel.dtype()) {
      throw new OpException(
          "convolution needs x [batch, channels, spatial…] and a kernel [out, channels / groups,"
              + " window…] of one type with 1 to 3 spatial axes, got "
              + x
              + " and "
              + kernel);
    }
    if (groups < 1 || !kernel.dim(1).times(groups).equals(x.dim(1))) {
      throw new OpException(
          "convolution's kernel "
              + kernel
              + " in "
              + groups
              + " groups needs "
              + kernel.dim(1).times(groups)
              + " input channels, got "
              + x.dim(1)
              + " in "
              + x,
          "the kernel is [out, channels / groups, window…]");
    }
    if (kernel.dim(0).dividedExactly(Dim.constant(groups)) == null) {
      throw new OpException(
          "convolution's "
              + kernel.dim(0)
              + " output channels are no multiple of its "
              + groups
              + " groups");
    }
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    return List.of(DirectConvolution.eval(call));
  }

  /**
   * Up to two nests: zeros around the input's elements, if there are any; then {@code parallel
   * batch, (group,) out, spatial…; reduce channel, window…; x[…, stride × place + dilation ×
   * window] × kernel[…]}, affine in every index. Where there are zeros between elements, too, the
   * second nest is one for each of the {@link WindowParts}, which store to a share of the result
   * each; if they are not known, zeros are put between elements before.
   *
   * <p>The padding could stand as guards in the product's nest instead. It is apart because the
   * product reads each element once for every place of the window: a guard costs each time, and
   * turns a row copy into a gather, while padding is one cheap pass. A backend that wants the
   * guards gets them by fusing the two nests; Nests.isContraction still knows the product.
   */
  @Override
  public void lower(Lowering<Attributes> lowering) {
    Attributes attributes = lowering.attributes();
    Buffer x = lowering.operand(0);
    Buffer kernel = lowering.operand(1);
    WindowGeometry windows =
        WindowGeometry.of(attributes, spatial(x.shape()), spatial(kernel.shape()));
    WindowParts parts = WindowParts.of(windows);
    if (parts == null) {
      Buffer padded = windows.isPlain() ? x : pad(lowering, x, windows.padding());
      new ConvolutionNest(lowering, padded, WindowParts.whole(windows)).emit();
      return;
    }
    Buffer padded = parts.isPlain() ? x : pad(lowering, x, parts.padding());
    for (List<WindowPart> part : parts.parts()) {
      new ConvolutionNest(lowering, padded, part).emit();
    }
  }

  private static Buffer pad(Lowering<Attributes> lowering, Buffer x, Pad.Attributes padding) {
    List<Dim> shape = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      Dim extent = Pad.extent(x.shape().get(axis), padding.step(axis) - 1);
      shape.add(extent.plus(padding.low().get(axis)).plus(padding.high().get(axis)));
    }
    Buffer padded = lowering.temporary(x.dtype(), shape);
    List<Axis> axes = lowering.axes(shape);
    Expr value = Pad.padded(x, padding, Lowering.index(axes));
    lowering.elementwise(axes, padded, Lowering.index(axes), value);
    return padded;
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    List<Dim> input = spatial(call.operand(0).tensor().shape());
    List<Dim> window = spatial(call.operand(1).tensor().shape());
    WindowGeometry windows = WindowGeometry.of(call.attributes(), input, window);
    return List.of(inputGradient(call, windows), kernelGradient(call, windows));
  }

  /** The cotangent, dilated by the strides, convolved with the kernel turned around. */
  private static Value inputGradient(VjpCall<Attributes> call, WindowGeometry windows) {
    GraphBuilder builder = call.builder();
    int groups = call.attributes().groups();
    Value kernel = call.operand(1);
    List<Dim> shape = kernel.tensor().shape();
    List<Integer> spatial = IntStream.range(2, shape.size()).boxed().toList();
    Value turned = Reverse.of(builder, kernel, spatial);
    Dim out = shape.get(0).dividedExactly(Dim.constant(groups));
    Value exchanged =
        ChannelGroups.exchange(builder, turned, Dim.constant(groups), out, shape.get(1));
    return of(builder, call.cotangent(), exchanged, windows.ofInputGradient(groups));
  }

  /**
   * The input convolved with the cotangent: examples take the place of channels, channels of
   * examples; the cotangent's elements are as far apart as the strides.
   */
  private static Value kernelGradient(VjpCall<Attributes> call, WindowGeometry windows) {
    GraphBuilder builder = call.builder();
    int groups = call.attributes().groups();
    Value x = call.operand(0);
    Dim channels = call.operand(1).tensor().dim(1);
    Value examples = ChannelGroups.channelsFirst(builder, x, Dim.constant(groups), channels);
    Value kernel = Transpose.of(builder, call.cotangent(), exchanged(x.tensor().rank()));
    Value gradient = of(builder, examples, kernel, windows.ofKernelGradient(groups));
    return Transpose.of(builder, gradient, exchanged(x.tensor().rank()));
  }

  /** The permutation that exchanges the first two axes. */
  private static List<Integer> exchanged(int rank) {
    List<Integer> permutation = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.swap(permutation, 0, 1);
    return permutation;
  }

  /** The result's channels are the kernel's first axis, in groups too. */
  @Override
  public int weightAxis(Attributes attributes, List<ValueType> operands, int resultAxis) {
    return resultAxis == 1 ? 0 : -1;
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return ConvolutionSamples.all();
  }

  @Override
  public String doc() {
    return "convolution of [batch, channels, spatial…] with a kernel [out, channels / groups, window…]";
  }
}
