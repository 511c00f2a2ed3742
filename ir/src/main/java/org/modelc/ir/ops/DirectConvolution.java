package org.modelc.ir.ops;

import java.util.List;
import java.util.stream.IntStream;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * The definition of {@link Convolution}: a sum over channels and window for each result element.
 * The zeros around elements are numbers like others: a NaN or infinite weight that meets one gives
 * NaN, as in torch. Those between elements, with which torch multiplies nothing, are left out;
 * where a program knows too little of its dims it multiplies with them, too.
 */
final class DirectConvolution {
  private final Array x;
  private final Array kernel;
  private final WindowGeometry windows;

  private DirectConvolution(Array x, Array kernel, WindowGeometry windows) {
    this.x = x;
    this.kernel = kernel;
    this.windows = windows;
  }

  static Array eval(EvalCall<Convolution.Attributes> call) {
    Array x = call.operand(0);
    Array kernel = call.operand(1);
    WindowGeometry windows =
        WindowGeometry.of(call.attributes(), spatial(x.shape()), spatial(kernel.shape()));
    DirectConvolution convolution = new DirectConvolution(x, kernel, windows);
    Array result = Array.zeros(call.results().get(0).dtype(), call.shape());
    int channelsOut = kernel.shape()[0] / call.attributes().groups();
    for (int i = 0; i < result.size(); i++) {
      int[] point = Array.index(result.shape(), i);
      result.data()[i] =
          convolution.sum(result.dtype(), point, point[1] / channelsOut * kernel.shape()[1]);
    }
    return result;
  }

  private static List<Dim> spatial(int[] shape) {
    return IntStream.of(shape).skip(2).mapToObj(Dim::constant).toList();
  }

  private double sum(DType dtype, int[] point, int firstChannel) {
    double sum = 0;
    int[] window = kernel.shape().clone();
    window[0] = 1;
    for (int i = 0; i < Array.size(window); i++) {
      int[] at = Array.index(window, i);
      if (isBetween(point, at)) {
        continue;
      }
      int[] place = place(point, at);
      double element = 0;
      if (place != null) {
        place[1] = firstChannel + at[1];
        element = x.at(place);
      }
      at[0] = point[1];
      double product = ScalarFunctions.apply(ScalarOp.MULTIPLY, dtype, element, kernel.at(at));
      sum = ScalarFunctions.apply(ScalarOp.ADD, dtype, sum, product);
    }
    return sum;
  }

  /** How far behind the first element of an axis a place of the window is, zeros counted. */
  private int behind(int axis, int[] point, int[] at) {
    return point[axis + 2] * windows.strides().get(axis)
        + at[axis + 2] * windows.kernelDilation().get(axis)
        - windows.low().get(axis).intValue();
  }

  /** Whether a place of the window lies where zeros between elements are, or would go on. */
  private boolean isBetween(int[] point, int[] at) {
    for (int axis = 0; axis < point.length - 2; axis++) {
      if (behind(axis, point, at) % windows.inputDilation().get(axis) != 0) {
        return true;
      }
    }
    return false;
  }

  /** The input element under a place of the window that is not between two; null for a zero. */
  private int[] place(int[] point, int[] at) {
    int[] place = new int[point.length];
    place[0] = point[0];
    for (int axis = 0; axis < point.length - 2; axis++) {
      int behind = behind(axis, point, at);
      place[axis + 2] = behind / windows.inputDilation().get(axis);
      if (behind < 0 || place[axis + 2] >= x.shape()[axis + 2]) {
        return null;
      }
    }
    return place;
  }
}
