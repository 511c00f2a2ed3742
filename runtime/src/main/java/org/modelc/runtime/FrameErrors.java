package org.modelc.runtime;

import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Buffer;

/** What a caller of a program can do wrong, in words. */
final class FrameErrors {
  private FrameErrors() {}

  static ModelcException unbound(ProgramAbi abi, Buffer buffer) {
    return new ModelcException(abi.name() + ": input " + named(buffer) + " was not given");
  }

  static ModelcException type(ProgramAbi abi, Buffer buffer, Object array) {
    String got = array == null ? "null" : array.getClass().getSimpleName();
    return new ModelcException(abi.name() + ": " + named(buffer) + " does not lie in a " + got);
  }

  static ModelcException multiple(ProgramAbi abi, Buffer buffer, int length, long stride) {
    return new ModelcException(
        abi.name()
            + ": "
            + named(buffer)
            + " has "
            + length
            + " elements, no multiple of "
            + stride,
        "give whole rows, one after another");
  }

  static ModelcException length(ProgramAbi abi, Buffer buffer, int length, long size, int[] dims) {
    return new ModelcException(
        abi.name()
            + ": "
            + named(buffer)
            + " has "
            + length
            + " elements, needs "
            + size
            + where(abi, dims),
        "dims come from the inputs in order: " + abi.dims());
  }

  static ModelcException unknownDim(ProgramAbi abi, int dim) {
    return new ModelcException(
        abi.name() + ": dim " + abi.dims().get(dim) + " does not follow from the inputs' lengths",
        "give its value with the call");
  }

  static ModelcException bound(ProgramAbi abi, ProgramAbi.Bound bound, long value) {
    boolean low = value < bound.minimum();
    return new ModelcException(
        abi.name()
            + ": "
            + bound.dim()
            + " is "
            + value
            + ", must be at "
            + (low ? "least " + bound.minimum() : "most " + bound.maximum()));
  }

  static ModelcException tooLarge(ProgramAbi abi, Buffer buffer, long size, int[] dims) {
    return new ModelcException(
        abi.name()
            + ": "
            + named(buffer)
            + " would have "
            + size
            + " elements"
            + where(abi, dims)
            + ", a Java array has fewer than 2^31",
        "call it with fewer rows at a time");
  }

  /**
   * @param buffer what there is no room for; null for the workers' scratch memory
   */
  static ModelcException memory(
      ProgramAbi abi, Buffer buffer, long bytes, int[] dims, ModelcException cause) {
    boolean planned = buffer == null || buffer.role() == ProgramAbi.Role.WORKSPACE;
    return new ModelcException(
        abi.name()
            + ": no room for "
            + bytes
            + " bytes of "
            + (planned ? "workspace" : named(buffer))
            + where(abi, dims)
            + (planned ? ", planned as " + abi.peakBytes() + " bytes" : "")
            + ": "
            + cause.getMessage(),
        cause.hint(),
        cause);
  }

  private static String named(Buffer buffer) {
    return "`" + buffer.name() + "` " + buffer.dtype() + buffer.shape();
  }

  private static String where(ProgramAbi abi, int[] dims) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < dims.length; i++) {
      text.append(i == 0 ? " with " : ", ").append(abi.dims().get(i)).append(" = ").append(dims[i]);
    }
    return text.toString();
  }
}
