package org.modelc.runtime.spec;

import java.util.List;

/**
 * How a compiled program is called: the contract that every code generator emits and the runtime
 * executes.
 *
 * <p>A program takes its buffers in the order of {@code buffers} and the values of its dynamic dims
 * in the order of {@code dims}. Every buffer is its own primitive array, indexed from 0, in
 * row-major order of its shape.
 *
 * @param name the program's name: {@code predict}, {@code train}, {@code evaluate}, {@code init}
 * @param symbol what the program is bound by: the generated class's binary name, or a native symbol
 * @param dims the dynamic dims, bound per call
 * @param bounds checks at entry, each a dim that must lie in a range
 * @param buffers all buffers: first those of the caller, then the workspace slots
 * @param peakBytes the workspace's size in bytes as a dim
 * @param work multiply-adds of one call as a dim; small programs run on the caller's thread
 */
public record ProgramAbi(
    String name,
    String symbol,
    List<String> dims,
    List<Bound> bounds,
    List<Buffer> buffers,
    Dim peakBytes,
    Dim work) {
  public ProgramAbi {
    dims = List.copyOf(dims);
    bounds = List.copyOf(bounds);
    buffers = (List<?>) buffers instanceof LaterList ? buffers : List.copyOf(buffers);
  }

  /** What a buffer is to the program. */
  public enum Role {
    /** Given by the caller at each call. */
    INPUT,
    /** A parameter: read by inference, updated by training. */
    PARAMETER,
    /** Saved state (running statistics): read by inference, updated by training. */
    STATE,
    /** State of an optimiser, saved in checkpoints only. */
    OPTIMIZER,
    /** A scalar the driver sets: {@code rate}, {@code step}, {@code seed}. */
    CONTROL,
    /** Data fixed at compile time and shipped with the parameters (a folded or packed weight). */
    CONSTANT,
    /** Written by the program for the caller. */
    OUTPUT,
    /** Scratch memory of the session. */
    WORKSPACE;

    /** Whether the model's tensors have it. */
    public boolean isTensor() {
      return this == PARAMETER || this == STATE || this == OPTIMIZER || this == CONSTANT;
    }
  }

  /**
   * One buffer.
   *
   * @param updates for an output that holds the new value of a parameter, state or optimiser
   *     buffer: that buffer's name. If {@code inPlace}, it is the same array; else the driver
   *     copies it after the call. Null otherwise.
   */
  public record Buffer(
      String name, Role role, DType dtype, List<Dim> shape, String updates, boolean inPlace) {
    public Buffer {
      shape = List.copyOf(shape);
    }

    /** The number of elements. */
    public Dim size() {
      return Dim.product(shape);
    }
  }

  /** {@code minimum <= dim <= maximum}, checked before a program runs. */
  public record Bound(Dim dim, long minimum, long maximum) {}
}
