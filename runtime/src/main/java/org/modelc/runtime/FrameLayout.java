package org.modelc.runtime;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Which array stands behind each buffer of a frame. */
public final class FrameLayout {
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
        Tensor target = tensor(program, tensors, buffer.updates(), buffer);
        boolean apart = !buffer.inPlace() && program.find(buffer.updates()) >= 0;
        copied[i] = apart ? target : null;
        buffers[i] = apart ? Tensor.newArray(buffer.dtype(), target.size()) : target.values();
      } else if (buffer.role().isTensor()) {
        buffers[i] = tensor(program, tensors, buffer.name(), buffer).values();
      }
    }
  }

  /** A program's tensor, held against what the program needs. */
  public static Tensor tensor(
      Program program, Map<String, Tensor> tensors, String name, Buffer buffer) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelcException(
          "program `"
              + program.abi().name()
              + "` needs the tensor `"
              + name
              + "`, which is not there",
          NearestName.hint(name, tensors.keySet()));
    }
    long size = buffer.size().value();
    if (tensor.dtype() != buffer.dtype() || tensor.size() != size) {
      throw new ModelcException(
          "tensor `"
              + name
              + "` is "
              + tensor
              + ", program `"
              + program.abi().name()
              + "` needs "
              + buffer.dtype()
              + buffer.shape(),
          "the parameters are of another version of the model");
    }
    return tensor;
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

  /** Whether an array carries elements of a type. */
  static boolean fits(DType dtype, Object array) {
    return array != null && array.getClass().getComponentType() == dtype.element();
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
