package org.modelc.runtime;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.workers.Team;

/**
 * The memory of one call of a program, used again and again: workspace, scratch and outputs, which grow
 * with the dims and are never shrunk. Not for use by two threads at a time.
 *
 * <p>A call: {@link #bind} the inputs (and outputs, if the results shall go to arrays of the caller),
 * {@link #run}, read {@link #array}. It allocates nothing once the frame has seen dims as large.
 */
public final class Frame {
  private static final int UNKNOWN = -1;

  private final Program program;
  private final List<Buffer> layout;
  private final Object[] buffers;
  private final boolean[] bound;
  private final Tensor[] copied;
  private final int[] dims;
  private final int[] given;
  private final int[] largest;
  private Object[] scratch;

  /**
   * A frame.
   *
   * @param tensors arrays of parameters, states, optimiser buffers and constants by name; shared, and
   *     changed by programs that update them
   */
  public Frame(Program program, Map<String, Tensor> tensors) {
    this.program = program;
    this.layout = program.abi().buffers();
    this.buffers = new Object[layout.size()];
    this.bound = new boolean[layout.size()];
    this.copied = new Tensor[layout.size()];
    this.dims = new int[program.abi().dims().size()];
    this.given = new int[dims.length];
    this.largest = new int[dims.length];
    Arrays.fill(given, UNKNOWN);
    FrameLayout.fill(program, tensors, buffers, copied);
  }

  public Program program() {
    return program;
  }

  /** Gives the array of an input or output for the next call, by its position in the ABI. */
  public void bind(int position, Object array) {
    Buffer buffer = layout.get(position);
    if (!FrameLayout.fits(buffer.dtype(), array)) {
      throw FrameErrors.type(program.abi(), buffer, array);
    }
    buffers[position] = array;
    bound[position] = true;
  }

  /** Gives the array of an input or output for the next call. */
  public void bind(String name, Object array) {
    bind(program.position(name), array);
  }

  /**
   * Fixes a dynamic dim for the next call, where lengths do not tell it. With a fixed dim, arrays may be
   * longer than they need be.
   */
  public void dim(String name, int value) {
    given[program.abi().dims().indexOf(name)] = value;
  }

  /** Sets a scalar control if the program has it: {@code rate}, {@code step}, {@code seed}. */
  public void control(String name, double value) {
    int position = program.find(name);
    if (position >= 0) {
      FrameLayout.setScalar(buffers[position], value);
    }
  }

  /** Sets a scalar control of integer type, if the program has it. */
  public void control(String name, long value) {
    int position = program.find(name);
    if (position >= 0 && buffers[position] instanceof long[]) {
      ((long[]) buffers[position])[0] = value;
    } else if (position >= 0) {
      FrameLayout.setScalar(buffers[position], value);
    }
  }

  /** The array of a buffer; an output's first elements are the last call's result. */
  public Object array(int position) {
    return buffers[position];
  }

  /** The array of a named buffer. */
  public Object array(String name) {
    return buffers[program.position(name)];
  }

  /** The number of elements of a buffer in the last call. */
  public int size(int position) {
    return (int) program.size(position).evaluate(dims);
  }

  /** The value of a dynamic dim in the last call. */
  public int dim(int index) {
    return dims[index];
  }

  /**
   * Runs the program over the bound arrays and forgets those of the caller.
   *
   * @throws ModelcException if an array's length does not fit, dims disagree or are out of bounds, or a
   *     buffer would have 2³¹ elements or more
   */
  public void run() {
    try {
      solve();
      check();
      reserve();
      program.compiled().run(buffers, dims, scratch, Team.ALONE, 0);
      update();
    } finally {
      Arrays.fill(given, UNKNOWN);
      Arrays.fill(bound, false);
    }
  }

  private void solve() {
    System.arraycopy(given, 0, dims, 0, dims.length);
    for (int input : program.inputs()) {
      if (!bound[input]) {
        throw FrameErrors.unbound(program.abi(), layout.get(input));
      }
      DimFormula size = program.size(input);
      int open = size.solvable(dims);
      if (open >= 0) {
        int length = Array.getLength(buffers[input]);
        long stride = size.coefficientOf(open, dims);
        if (stride <= 0 || length % stride != 0) {
          throw FrameErrors.multiple(program.abi(), layout.get(input), length, stride);
        }
        dims[open] = (int) (length / stride);
      }
    }
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] < 0) {
        throw FrameErrors.unknownDim(program.abi(), i);
      }
    }
  }

  private void check() {
    ProgramAbi abi = program.abi();
    for (int i = 0; i < abi.bounds().size(); i++) {
      long value = program.bound(i).evaluate(dims);
      ProgramAbi.Bound bound = abi.bounds().get(i);
      if (value < bound.minimum() || value > bound.maximum()) {
        throw FrameErrors.bound(abi, bound, value);
      }
    }
    for (int i = 0; i < buffers.length; i++) {
      long size = program.size(i).evaluate(dims);
      if (size > Integer.MAX_VALUE - 8) {
        throw FrameErrors.tooLarge(abi, layout.get(i), size, dims);
      }
      if (bound[i]) {
        checkLength(i, size);
      }
    }
  }

  private void checkLength(int position, long size) {
    int length = Array.getLength(buffers[position]);
    if (length < size || (length > size && !anyGiven())) {
      throw FrameErrors.length(program.abi(), layout.get(position), length, size, dims);
    }
  }

  private boolean anyGiven() {
    for (int value : given) {
      if (value != UNKNOWN) {
        return true;
      }
    }
    return false;
  }

  /** Makes what is missing or too small among the frame's own arrays. */
  private void reserve() {
    for (int i = 0; i < buffers.length; i++) {
      if (!bound[i] && FrameLayout.owned(layout.get(i))) {
        int size = (int) program.size(i).evaluate(dims);
        if (buffers[i] == null || Array.getLength(buffers[i]) < size) {
          buffers[i] = Tensor.newArray(layout.get(i).dtype(), size);
        }
      }
    }
    boolean grown = scratch == null;
    for (int i = 0; i < dims.length; i++) {
      grown |= dims[i] > largest[i];
      largest[i] = Math.max(largest[i], dims[i]);
    }
    if (grown) {
      scratch = program.compiled().scratch(largest);
    }
  }

  private void update() {
    for (int i = 0; i < copied.length; i++) {
      if (copied[i] != null) {
        System.arraycopy(buffers[i], 0, copied[i].values(), 0, copied[i].size());
      }
    }
  }
}
