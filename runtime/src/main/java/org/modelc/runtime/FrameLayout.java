package org.modelc.runtime;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Which array stands behind each buffer of a frame. */
final class FrameLayout {
  private FrameLayout() {}

  /**
   * Fills in the arrays that stay the same over calls, and the tensors to copy to after each call.
   */
  static void fill(
      Program program, Map<String, Tensor> tensors, Object[] buffers, Tensor[] copied) {
    List<Buffer> layout = program.abi().buffers();
    for (int i = 0; i < buffers.length; i++) {
      Buffer buffer = layout.get(i);
      if (buffer.role() == Role.CONTROL) {
        buffers[i] = Tensor.newArray(buffer.dtype(), 1);
      } else if (buffer.updates() != null) {
        Tensor target = Frame.tensorOf(program, tensors, buffer.updates(), buffer);
        boolean apart = !buffer.inPlace() && program.find(buffer.updates()) >= 0;
        copied[i] = apart ? target : null;
        buffers[i] = apart ? Tensor.newArray(buffer.dtype(), target.size()) : target.values();
      } else if (buffer.role().isTensor()) {
        buffers[i] = Frame.tensorOf(program, tensors, buffer.name(), buffer).values();
      }
    }
  }

  /** Which arrays the frame makes itself where the caller gives none. */
  static boolean[] owned(List<Buffer> layout) {
    boolean[] owned = new boolean[layout.size()];
    for (int i = 0; i < owned.length; i++) {
      owned[i] = owned(layout.get(i));
    }
    return owned;
  }

  private static boolean owned(Buffer buffer) {
    boolean isResult = buffer.role() == Role.OUTPUT && buffer.updates() == null;
    return isResult || buffer.role() == Role.WORKSPACE;
  }

  static void setScalar(Object array, double value) {
    if (array instanceof float[]) {
      ((float[]) array)[0] = (float) value;
    } else if (array instanceof double[]) {
      ((double[]) array)[0] = value;
    } else if (array instanceof int[]) {
      ((int[]) array)[0] = (int) value;
    } else {
      ((long[]) array)[0] = (long) value;
    }
  }
}
