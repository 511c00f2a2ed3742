package org.modelc.runtime;

import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.nativecode.NativeProgram;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.workers.Cohort;

/**
 * A frame of native code: everything lies in direct memory; the caller's arrays are copied in
 * before a call and out after it, parameters are where the model keeps them.
 */
final class NativeFrame extends Frame {
  private static final Object[] NO_SCRATCH = {};

  private final Cohort cohort;
  private final NativeProgram code;
  private final List<Buffer> layout;
  private final Tensor[] tensors;
  private final Tensor[] copied;
  private final ByteBuffer[] memory;
  private final Object[] views;
  private final Object[] own;
  private final boolean[] stale;
  private final int[] inputs;
  private final int[] outputs;
  private final int[] largest;
  private final DimFormula scratchSize;
  private final Object[][] noScratch;
  private final NativeControl control;
  private final Object[] call;
  private ByteBuffer scratch;
  private int[] sizes;

  /** A new one, declared as what callers are verified with: they need not load this class. */
  static Frame create(Program program, Map<String, Tensor> tensors, Cohort cohort) {
    return new NativeFrame(program, tensors, cohort);
  }

  private NativeFrame(Program program, Map<String, Tensor> byName, Cohort cohort) {
    super(program);
    this.cohort = cohort;
    this.code = (NativeProgram) program.compiled();
    this.layout = program.abi().buffers();
    int count = layout.size();
    this.tensors = new Tensor[count];
    this.copied = new Tensor[count];
    this.memory = new ByteBuffer[count];
    this.views = new Object[count];
    this.own = new Object[count];
    this.stale = new boolean[count];
    this.inputs = program.positions(Role.INPUT);
    this.outputs = program.positions(Role.OUTPUT);
    this.largest = new int[program.abi().dims().size()];
    Arrays.fill(largest, -1);
    this.scratchSize = DimFormula.of(code.scratchBytes(), program.abi().dims());
    this.noScratch = new Object[cohort.threads()][];
    Arrays.fill(noScratch, NO_SCRATCH);
    this.control = new NativeControl(code, largest.length, count, cohort.threads());
    this.call = new Object[] {control.call()};
    for (int i = 0; i < count; i++) {
      place(i, byName);
    }
  }

  /** Finds the memory of a buffer that stays the same over calls. */
  private void place(int i, Map<String, Tensor> byName) {
    Buffer buffer = layout.get(i);
    if (buffer.role() == Role.CONTROL) {
      use(i, Tensor.directZeros(buffer.dtype(), List.of()));
    } else if (buffer.updates() != null) {
      Tensor target = tensorOf(program(), byName, buffer.updates(), buffer);
      boolean apart = !buffer.inPlace() && program().find(buffer.updates()) >= 0;
      copied[i] = apart ? target : null;
      use(i, apart ? Tensor.directZeros(buffer.dtype(), target.shape()) : target);
    } else if (buffer.role().isTensor()) {
      use(i, tensorOf(program(), byName, buffer.name(), buffer));
    }
  }

  private void use(int i, Tensor tensor) {
    if (!tensor.isDirect()) {
      throw new IllegalStateException(layout.get(i).name() + " does not lie in direct memory");
    }
    tensors[i] = tensor;
    setMemory(i, (ByteBuffer) tensor.values());
  }

  private void setMemory(int i, ByteBuffer bytes) {
    memory[i] = bytes;
    views[i] = DirectMemory.view(bytes, layout.get(i).dtype());
    control.buffer(i, code.address(bytes));
  }

  @Override
  public void control(String name, double value) {
    int position = program().find(name);
    if (position >= 0) {
      DirectMemory.setScalar(memory[position], layout.get(position).dtype(), value);
    }
  }

  @Override
  public void control(String name, long value) {
    int position = program().find(name);
    if (position >= 0 && views[position] instanceof java.nio.LongBuffer) {
      memory[position].putLong(0, value);
    } else if (position >= 0) {
      control(name, (double) value);
    }
  }

  @Override
  public Object array(int position) {
    if (tensors[position] != null) {
      return tensors[position].array();
    }
    if (stale[position]) {
      int size = size(position);
      if (own[position] == null || Array.getLength(own[position]) < size) {
        own[position] = Tensor.newArray(layout.get(position).dtype(), size);
      }
      DirectMemory.get(views[position], own[position], size);
      stale[position] = false;
    }
    return own[position];
  }

  @Override
  protected Tensor tensor(int position, List<Integer> shape) {
    return new Tensor(layout.get(position).dtype(), shape, memory[position]);
  }

  @Override
  protected void reserve(int[] dims, int[] newSizes) {
    sizes = newSizes;
    for (int i = 0; i < memory.length; i++) {
      long bytes = (long) sizes[i] * layout.get(i).dtype().bytes();
      if (tensors[i] == null && (memory[i] == null || memory[i].capacity() < bytes)) {
        setMemory(i, allocate(bytes, layout.get(i), dims));
      }
    }
    if (grow(largest, dims) || scratch == null) {
      long each = DirectMemory.lines(scratchSize.evaluate(largest)) + DirectMemory.LINE;
      scratch = allocate(each * cohort.threads(), null, dims);
      long address = code.address(scratch);
      for (int worker = 0; worker < cohort.threads(); worker++) {
        control.scratch(worker, address + worker * each);
      }
    }
    for (int i = 0; i < dims.length; i++) {
      control.dim(i, dims[i]);
    }
  }

  private ByteBuffer allocate(long bytes, Buffer buffer, int[] dims) {
    try {
      return DirectMemory.allocate(bytes);
    } catch (ModelcException e) {
      throw FrameErrors.memory(program().abi(), buffer, bytes, dims, e);
    }
  }

  @Override
  boolean takes(int position, ByteBuffer bytes) {
    Role role = layout.get(position).role();
    return (role == Role.INPUT || role == Role.OUTPUT)
        && tensors[position] == null
        && bytes.isDirect()
        && code.address(bytes) % DirectMemory.LINE == 0;
  }

  /** Lets the program work in the caller's memories, or in its own again. */
  private void exchange(Object[] given, boolean back) {
    for (int i = 0; i < given.length; i++) {
      if (given[i] instanceof ByteBuffer) {
        control.buffer(i, code.address(back ? memory[i] : (ByteBuffer) given[i]));
      }
    }
  }

  @Override
  protected void execute(Object[] given, int[] dims, long work) {
    for (int input : inputs) {
      if (!(given[input] instanceof ByteBuffer)) {
        DirectMemory.put(views[input], given[input], sizes[input]);
      }
    }
    exchange(given, false);
    if (control.call().failed()) {
      control.call().reset();
    }
    try {
      cohort.run(code, call, dims, noScratch, work);
    } finally {
      exchange(given, true);
      Reference.reachabilityFence(this);
    }
    for (int output : outputs) {
      if (copied[output] != null) {
        ((ByteBuffer) copied[output].values()).put(0, memory[output], 0, memory[output].capacity());
      } else if (given[output] instanceof ByteBuffer) {
        stale[output] = false;
      } else if (given[output] != null) {
        DirectMemory.get(views[output], given[output], sizes[output]);
      } else {
        stale[output] = true;
      }
    }
  }
}
