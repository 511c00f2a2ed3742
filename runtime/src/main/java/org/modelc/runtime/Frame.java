package org.modelc.runtime;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.nativecode.NativeProgram;
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
public abstract class Frame {
  private static final int UNKNOWN = -1;

  private final Program program;
  private final List<Buffer> layout;
  private final Object[] given;
  private final int[] dims;
  private final int[] fixed;
  private final int[] checked;
  private final int[] sizes;
  private boolean resized;
  private long work;

  /** For the frames of a kind of code. */
  protected Frame(Program program) {
    this.program = program;
    this.layout = program.abi().buffers();
    this.given = new Object[layout.size()];
    this.sizes = new int[layout.size()];
    this.dims = new int[program.abi().dims().size()];
    this.fixed = new int[dims.length];
    this.checked = new int[dims.length];
    Arrays.fill(fixed, UNKNOWN);
  }

  /**
   * A frame whose calls run on the caller's thread.
   *
   * @param tensors parameters, states, optimiser buffers and constants by name; shared, and changed
   *     by programs that update them
   */
  public static Frame of(Program program, Map<String, Tensor> tensors) {
    return of(program, tensors, new Cohort(null, 1));
  }

  /** A frame whose calls are shared by workers. */
  public static Frame of(Program program, Map<String, Tensor> tensors, Cohort cohort) {
    return program.compiled() instanceof NativeProgram
        ? NativeFrame.create(program, tensors, cohort)
        : ArrayFrame.create(program, tensors, cohort);
  }

  public final Program program() {
    return program;
  }

  /**
   * Gives the array of an input or output for the next call, by its position in the ABI. Native
   * code also takes memory of {@link org.modelc.runtime.nativecode.DirectMemory#allocate}, a {@code
   * ByteBuffer} that it works in without a copy; the memories of a call must not overlap.
   */
  public final void bind(int position, Object array) {
    Buffer buffer = layout.get(position);
    boolean direct = array instanceof ByteBuffer && takes(position, (ByteBuffer) array);
    if (!direct && !Tensor.isArrayOf(buffer.dtype(), array)) {
      throw FrameErrors.type(program.abi(), buffer, array);
    }
    given[position] = array;
  }

  /** Whether the program can work in a caller's memory outside the heap. */
  boolean takes(int position, ByteBuffer memory) {
    return false;
  }

  private int length(int position) {
    Object array = given[position];
    return array instanceof ByteBuffer
        ? ((ByteBuffer) array).capacity() / layout.get(position).dtype().bytes()
        : Array.getLength(array);
  }

  /** Gives the array of an input or output for the next call. */
  public final void bind(String name, Object array) {
    bind(program.position(name), array);
  }

  /**
   * Fixes a dynamic dim for the next call, where lengths do not tell it. With a fixed dim, arrays
   * may be longer than they need be.
   *
   * @throws IllegalArgumentException if the program has no such dim
   */
  public final void dim(String name, int value) {
    int index = program.abi().dims().indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no dim " + name + " in " + program.abi().dims());
    }
    fixed[index] = value;
  }

  /** A program's tensor, held against what the program needs. */
  protected static Tensor tensorOf(
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

  /** Sets a scalar control if the program has it: {@code rate}. */
  public abstract void control(String name, double value);

  /** Sets a scalar control of integer type, if the program has it: {@code step}, {@code seed}. */
  public abstract void control(String name, long value);

  /**
   * The frame's own array of an output that was not bound; its first elements are the last call's
   * result.
   */
  public abstract Object array(int position);

  /** The frame's own array of a named output. */
  public final Object array(String name) {
    return array(program.position(name));
  }

  /**
   * An output of static shape over the memory that the program writes it to: another call changes
   * it.
   */
  protected abstract Tensor tensor(int position, List<Integer> shape);

  /** The number of elements of a buffer in the last call. */
  public final int size(int position) {
    return sizes[position];
  }

  /** The value of a dynamic dim in the last call. */
  public final int dim(int index) {
    return dims[index];
  }

  /**
   * Runs the program over the bound arrays and forgets them.
   *
   * @throws ModelcException if an array's length does not fit, dims disagree or are out of bounds,
   *     or a buffer would have 2³¹ elements or more
   */
  public final void run() {
    try {
      solve();
      if (!resized || !Arrays.equals(dims, checked)) {
        resize();
      }
      checkLengths();
      execute(given, dims, work);
    } finally {
      Arrays.fill(given, null);
      Arrays.fill(fixed, UNKNOWN);
    }
  }

  /**
   * Makes room for dims that the last call did not have.
   *
   * @param sizes elements of each buffer
   */
  protected abstract void reserve(int[] dims, int[] sizes);

  /**
   * Runs the program.
   *
   * @param given the caller's arrays by position, their lengths checked
   * @param work multiply-adds of the call
   */
  protected abstract void execute(Object[] given, int[] dims, long work);

  private void solve() {
    System.arraycopy(fixed, 0, dims, 0, dims.length);
    for (int input : program.inputs()) {
      if (given[input] == null) {
        throw FrameErrors.unbound(program.abi(), layout.get(input));
      }
      DimFormula size = program.size(input);
      int open = size.solvable(dims);
      if (open >= 0) {
        int length = length(input);
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
    resized = false;
    checkBounds();
    for (int i = 0; i < sizes.length; i++) {
      long size = program.size(i).evaluate(dims);
      if (size > Integer.MAX_VALUE - 8) {
        throw FrameErrors.tooLarge(program.abi(), layout.get(i), size, dims);
      }
      sizes[i] = (int) size;
    }
    work = program.work(dims);
    reserve(dims, sizes);
    System.arraycopy(dims, 0, checked, 0, dims.length);
    resized = true;
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

  private void checkLengths() {
    for (int i = 0; i < given.length; i++) {
      if (given[i] != null) {
        int length = length(i);
        if (length < sizes[i] || (length > sizes[i] && !anyFixed())) {
          throw FrameErrors.length(program.abi(), layout.get(i), length, sizes[i], dims);
        }
      }
    }
  }

  private boolean anyFixed() {
    for (int value : fixed) {
      if (value != UNKNOWN) {
        return true;
      }
    }
    return false;
  }

  /**
   * Raises the largest dims seen so far; whether any was larger, or these are the first.
   *
   * @param largest by dim, below 0 at first
   */
  static boolean grow(int[] largest, int[] dims) {
    boolean grown = dims.length == 0;
    for (int i = 0; i < dims.length; i++) {
      grown |= dims[i] > largest[i];
      largest[i] = Math.max(largest[i], dims[i]);
    }
    return grown;
  }
}
