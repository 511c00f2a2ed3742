package org.modelc.runtime;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.workers.Cohort;

/**
 * The memory of one call of a program, used again and again: workspace, scratch and outputs, which
 * grow with the dims and are never shrunk. Not for use by two threads at a time.
 *
 * <p>A call: {@link #bind} the inputs (and outputs, if the results shall go to arrays of the
 * caller), {@link #run}, read {@link #array} of the outputs that were not bound. It allocates
 * nothing once the frame has seen dims as large.
 */
public final class Frame {
  private static final int UNKNOWN = -1;

  private final Program program;
  private final Cohort cohort;
  private final List<Buffer> layout;
  private final Object[] buffers;
  private final Object[] own;
  private final boolean[] owned;
  private final boolean[] bound;
  private final Tensor[] copied;
  private final int[] dims;
  private final int[] given;
  private final int[] checked;
  private final int[] largest;
  private final int[] sizes;
  private long work;
  private Object[][] scratch;

  /**
   * A frame whose calls run on the caller's thread.
   *
   * @param tensors arrays of parameters, states, optimiser buffers and constants by name; shared,
   *     and changed by programs that update them
   */
  public Frame(Program program, Map<String, Tensor> tensors) {
    this(program, tensors, new Cohort(null, 1));
  }

  /** A frame whose calls are shared by workers. */
  public Frame(Program program, Map<String, Tensor> tensors, Cohort cohort) {
    this.program = program;
    this.cohort = cohort;
    this.layout = program.abi().buffers();
    this.buffers = new Object[layout.size()];
    this.bound = new boolean[layout.size()];
    this.copied = new Tensor[layout.size()];
    this.sizes = new int[layout.size()];
    this.dims = new int[program.abi().dims().size()];
    this.given = new int[dims.length];
    this.checked = new int[dims.length];
    this.largest = new int[dims.length];
    Arrays.fill(given, UNKNOWN);
    Arrays.fill(checked, UNKNOWN);
    FrameLayout.fill(program, tensors, buffers, copied);
    this.own = buffers.clone();
    this.owned = FrameLayout.owned(layout);
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
   * Fixes a dynamic dim for the next call, where lengths do not tell it. With a fixed dim, arrays
   * may be longer than they need be.
   *
   * @throws IllegalArgumentException if the program has no such dim
   */
  public void dim(String name, int value) {
    int index = program.abi().dims().indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no dim " + name + " in " + program.abi().dims());
    }
    given[index] = value;
  }

  /** Sets a scalar control if the program has it: {@code rate}. */
  public void control(String name, double value) {
    int position = program.find(name);
    if (position >= 0) {
      FrameLayout.setScalar(own[position], value);
    }
  }

  /** Sets a scalar control of integer type, if the program has it: {@code step}, {@code seed}. */
  public void control(String name, long value) {
    int position = program.find(name);
    if (position >= 0 && own[position] instanceof long[]) {
      ((long[]) own[position])[0] = value;
    } else if (position >= 0) {
      FrameLayout.setScalar(own[position], (double) value);
    }
  }

  /** The frame's own array of a buffer; an output's first elements are the last call's result. */
  public Object array(int position) {
    return own[position];
  }

  /** The frame's own array of a named buffer. */
  public Object array(String name) {
    return own[program.position(name)];
  }

  /** The number of elements of a buffer in the last call. */
  public int size(int position) {
    return sizes[position];
  }

  /** The value of a dynamic dim in the last call. */
  public int dim(int index) {
    return dims[index];
  }

  /**
   * Runs the program over the bound arrays and forgets them.
   *
   * @throws ModelcException if an array's length does not fit, dims disagree or are out of bounds,
   *     or a buffer would have 2³¹ elements or more
   */
  public void run() {
    try {
      solve();
      if (scratch == null || !Arrays.equals(dims, checked)) {
        resize();
      }
      reserve();
      cohort.run(program.compiled(), buffers, dims, scratch, work);
      update();
    } finally {
      release();
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

  /** Checks dims that the last call did not have. */
  private void resize() {
    Arrays.fill(checked, UNKNOWN);
    checkBounds();
    for (int i = 0; i < sizes.length; i++) {
      long size = program.size(i).evaluate(dims);
      if (size > Integer.MAX_VALUE - 8) {
        throw FrameErrors.tooLarge(program.abi(), layout.get(i), size, dims);
      }
      sizes[i] = (int) size;
    }
    work = program.work(dims);
    growScratch();
    System.arraycopy(dims, 0, checked, 0, dims.length);
  }

  private void checkBounds() {
    ProgramAbi abi = program.abi();
    for (int i = 0; i < abi.bounds().size(); i++) {
      long value = program.bound(i).evaluate(dims);
      ProgramAbi.Bound limits = abi.bounds().get(i);
      if (value < limits.minimum() || value > limits.maximum()) {
        throw FrameErrors.bound(abi, limits, value);
      }
    }
  }

  private void growScratch() {
    boolean grown = scratch == null;
    for (int i = 0; i < dims.length; i++) {
      grown |= dims[i] > largest[i];
      largest[i] = Math.max(largest[i], dims[i]);
    }
    if (grown) {
      scratch = new Object[cohort.threads()][];
      for (int worker = 0; worker < scratch.length; worker++) {
        scratch[worker] = program.compiled().scratch(largest);
      }
    }
  }

  /**
   * Checks the caller's arrays, and makes those of the frame's own that are missing or too small.
   */
  private void reserve() {
    for (int i = 0; i < buffers.length; i++) {
      if (bound[i]) {
        checkLength(i, Array.getLength(buffers[i]));
      } else if (owned[i] && (own[i] == null || Array.getLength(own[i]) < sizes[i])) {
        own[i] = Tensor.newArray(layout.get(i).dtype(), sizes[i]);
        buffers[i] = own[i];
      }
    }
  }

  private void checkLength(int position, int length) {
    int size = sizes[position];
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

  private void update() {
    for (int i = 0; i < copied.length; i++) {
      if (copied[i] != null) {
        System.arraycopy(buffers[i], 0, copied[i].values(), 0, copied[i].size());
      }
    }
  }

  private void release() {
    for (int i = 0; i < buffers.length; i++) {
      if (bound[i]) {
        buffers[i] = own[i];
        bound[i] = false;
      }
    }
    Arrays.fill(given, UNKNOWN);
  }
}
