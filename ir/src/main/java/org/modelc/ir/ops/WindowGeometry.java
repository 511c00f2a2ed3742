package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.OpException;
import org.modelc.runtime.spec.Dim;

/**
 * Where the windows of a {@link Convolution} lie, for each spatial axis.
 *
 * @param inputs the input's sizes
 * @param windows the kernel's sizes
 * @param outputs the numbers of windows
 */
record WindowGeometry(
    List<Integer> strides,
    List<Dim> low,
    List<Dim> high,
    List<Integer> inputDilation,
    List<Integer> kernelDilation,
    List<Dim> inputs,
    List<Dim> windows,
    List<Dim> outputs) {

  static WindowGeometry of(Convolution.Attributes given, List<Dim> inputs, List<Dim> windows) {
    int axes = inputs.size();
    List<Integer> strides = positive("strides", given.strides(), axes);
    List<Dim> low = forAxes("padding_low", given.padding_low(), axes);
    List<Dim> high = forAxes("padding_high", given.padding_high(), axes);
    List<Integer> inputDilation = positive("input_dilation", given.input_dilation(), axes);
    List<Integer> kernelDilation = positive("kernel_dilation", given.kernel_dilation(), axes);
    List<Dim> outputs = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      Dim extent = Pad.extent(inputs.get(i), inputDilation.get(i) - 1);
      Dim size = extent.plus(low.get(i)).plus(high.get(i));
      Dim window = Pad.extent(windows.get(i), kernelDilation.get(i) - 1);
      outputs.add(DimArithmetic.windows("convolution", size, window, strides.get(i)));
    }
    return new WindowGeometry(
        strides, low, high, inputDilation, kernelDilation, inputs, windows, outputs);
  }

  private static <T> List<T> forAxes(String argument, List<T> given, int axes) {
    return DimArithmetic.forAxes("convolution", argument, given, axes);
  }

  private static List<Integer> positive(String argument, List<Integer> given, int axes) {
    if (given.stream().anyMatch(value -> value < 1)) {
      throw new OpException(
          "convolution's " + argument + " are 1 or more, got " + given,
          "without " + argument + " they are 1");
    }
    return forAxes(argument, given, axes);
  }

  /** Whether nothing is put around or between the input's elements. */
  boolean isPlain() {
    return inputDilation.stream().allMatch(d -> d == 1)
        && low.stream().allMatch(dim -> dim.is(0))
        && high.stream().allMatch(dim -> dim.is(0));
  }

  /** The padding of the whole input. */
  Pad.Attributes padding() {
    return padding(low, high, inputDilation.stream().map(dilation -> dilation - 1).toList());
  }

  /** A padding of the spatial axes as one of all axes. */
  static Pad.Attributes padding(List<Dim> low, List<Dim> high, List<Integer> interior) {
    List<Dim> lows = new ArrayList<>(List.of(Dim.ZERO, Dim.ZERO));
    List<Dim> highs = new ArrayList<>(lows);
    List<Integer> between = new ArrayList<>(List.of(0, 0));
    lows.addAll(low);
    highs.addAll(high);
    between.addAll(interior);
    return new Pad.Attributes(lows, highs, between, 0);
  }

  /** The dilated window's size. */
  private Dim window(int axis) {
    return Pad.extent(windows.get(axis), kernelDilation.get(axis) - 1);
  }

  /** The padded input that the last window leaves unread. */
  private Dim rest(int axis) {
    Dim extent = Pad.extent(inputs.get(axis), inputDilation.get(axis) - 1);
    Dim size = extent.plus(low.get(axis)).plus(high.get(axis));
    Dim read = outputs.get(axis).plus(-1).times(strides.get(axis)).plus(window(axis));
    return size.minus(read);
  }

  /** With strides and input dilation exchanged, and padded to give the input's size. */
  @SuppressWarnings("ArgumentSelectionDefectChecker") // the exchange is the point
  Convolution.Attributes ofInputGradient(int groups) {
    List<Dim> lows = new ArrayList<>();
    List<Dim> highs = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Dim reach = window(i).plus(-1);
      lows.add(reach.minus(low.get(i)));
      highs.add(reach.minus(high.get(i)).plus(rest(i)));
    }
    return new Convolution.Attributes(inputDilation, lows, highs, strides, kernelDilation, groups);
  }

  /** With strides and kernel dilation exchanged, and padded to give the kernel's size. */
  @SuppressWarnings("ArgumentSelectionDefectChecker") // the exchange is the point
  Convolution.Attributes ofKernelGradient(int groups) {
    List<Dim> highs = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      highs.add(high.get(i).minus(rest(i)));
    }
    return new Convolution.Attributes(kernelDilation, low, highs, inputDilation, strides, groups);
  }
}
