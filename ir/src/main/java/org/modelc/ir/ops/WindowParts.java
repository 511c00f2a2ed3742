package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.modelc.runtime.spec.Dim;

/**
 * A convolution of an input with zeros between its elements as several without: outputs whose
 * windows begin equally far behind an element meet elements at the same places of the kernel, and
 * zeros at all others, which are left out. With strides of two along two axes that leaves a quarter
 * of the products.
 *
 * @param low what is put before the input's first element, along each spatial axis
 * @param high what is put after its last one
 * @param parts the convolutions, which share out the outputs: for each spatial axis its share
 */
record WindowParts(List<Dim> low, List<Dim> high, List<List<WindowPart>> parts) {
  /** More parts are more code than the zeros are worth. */
  private static final int MOST_PARTS = 16;

  WindowParts {
    low = List.copyOf(low);
    high = List.copyOf(high);
    parts = List.copyOf(parts);
  }

  /** The whole as one part, for an input with zeros around and between its elements. */
  static List<WindowPart> whole(WindowGeometry windows) {
    List<WindowPart> axes = new ArrayList<>();
    for (int i = 0; i < windows.inputs().size(); i++) {
      axes.add(WindowPart.whole(windows, i));
    }
    return axes;
  }

  /** The parts; null if there is nothing between elements, or not enough is known of it. */
  static WindowParts of(WindowGeometry windows) {
    if (windows.inputDilation().stream().allMatch(d -> d == 1)) {
      return null;
    }
    List<Dim> low = new ArrayList<>();
    List<Dim> high = new ArrayList<>();
    List<List<WindowPart>> parts = new ArrayList<>(List.of(List.of()));
    for (int i = 0; i < windows.inputs().size(); i++) {
      List<WindowPart> shares = shares(windows, i, low, high);
      if (shares == null || parts.size() * shares.size() > MOST_PARTS) {
        return null;
      }
      parts = joined(parts, shares);
    }
    return new WindowParts(low, high, parts);
  }

  private static List<List<WindowPart>> joined(
      List<List<WindowPart>> parts, List<WindowPart> shares) {
    List<List<WindowPart>> joined = new ArrayList<>();
    for (List<WindowPart> part : parts) {
      for (WindowPart share : shares) {
        List<WindowPart> axes = new ArrayList<>(part);
        axes.add(share);
        joined.add(axes);
      }
    }
    return joined;
  }

  /** An axis's shares, and what is put before and after its elements; null if that is not known. */
  private static List<WindowPart> shares(
      WindowGeometry windows, int axis, List<Dim> low, List<Dim> high) {
    if (windows.inputDilation().get(axis) == 1) {
      low.add(windows.low().get(axis));
      high.add(windows.high().get(axis));
      return List.of(WindowPart.whole(windows, axis));
    }
    List<WindowPart> shares = WindowPart.shares(windows, axis);
    if (shares == null) {
      return null;
    }
    long before = 0;
    long after = 0;
    for (WindowPart share : shares) {
      Dim beyond = share.end().minus(windows.inputs().get(axis));
      if (!beyond.isStatic()) {
        return null;
      }
      if (share.taps().is(0)) {
        continue;
      }
      before = Math.max(before, -share.inputFirst());
      after = Math.max(after, beyond.value());
    }
    long shift = before;
    low.add(Dim.constant(before));
    high.add(Dim.constant(after));
    return shares.stream().map(share -> share.shifted(shift)).toList();
  }

  /** Whether nothing is put around the input's elements. */
  boolean isPlain() {
    return low.stream().allMatch(dim -> dim.is(0)) && high.stream().allMatch(dim -> dim.is(0));
  }

  /** The padding of the whole input. */
  Pad.Attributes padding() {
    return WindowGeometry.padding(low, high, Collections.nCopies(low.size(), 0));
  }
}
