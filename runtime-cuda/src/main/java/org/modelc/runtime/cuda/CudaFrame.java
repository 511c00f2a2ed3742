package org.modelc.runtime.cuda;

import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Program;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * A frame of a device's program: one arena, one stream. Parameters lie on the device; what the
 * caller gives and gets goes through pinned memory.
 */
final class CudaFrame extends Frame {
  /** Dims whose graphs are kept: of whole batches, and of the last one of an epoch, and some. */
  private static final int MOST_CALLS = 8;

  /** {@code CU_STREAM_NON_BLOCKING}: does not wait for other frames'. */
  private static final int NON_BLOCKING = 1;

  private final CudaProgram code;
  private final Device device;
  private final List<Buffer> buffers;
  private final CallLayout.Part[] parts;
  private final DeviceTensor[] tensors;
  private final Tensor[] named;
  private final DeviceTensor[] copied;
  private final ByteBuffer[] controls;
  private final Object[] own;
  private final boolean[] stale;
  private final Held stream;
  private final Map<List<Integer>, Call> calls = new LinkedHashMap<>(16, 0.75f, true);
  private Held arena;
  private Held pinned;
  private ByteBuffer host;
  private long arenaBytes = -1;
  private long pinnedBytes = -1;
  private Call call;
  private int[] sizes;

  CudaFrame(Program program, CudaProgram code, Map<String, Tensor> byName) {
    super(program);
    this.code = code;
    this.device = code.module().device();
    this.buffers = program.abi().buffers();
    int count = buffers.size();
    this.parts = new CallLayout.Part[count];
    this.tensors = new DeviceTensor[count];
    this.named = new Tensor[count];
    this.copied = new DeviceTensor[count];
    this.controls = new ByteBuffer[count];
    this.own = new Object[count];
    this.stale = new boolean[count];
    device.enter();
    this.stream =
        new Held(
            device,
            device.handle(DriverFunction.STREAM_CREATE, NON_BLOCKING),
            DriverFunction.STREAM_DESTROY);
    for (int i = 0; i < count; i++) {
      parts[i] = place(i, byName);
    }
  }

  private CallLayout.Part place(int i, Map<String, Tensor> byName) {
    Buffer buffer = buffers.get(i);
    return switch (buffer.role()) {
      case PARAMETER, STATE, OPTIMIZER, CONSTANT -> use(i, buffer.name(), byName);
      case INPUT -> CallLayout.Part.GIVEN;
      case CONTROL -> {
        controls[i] = DirectMemory.allocate(buffer.dtype().bytes());
        yield CallLayout.Part.GIVEN;
      }
      case OUTPUT -> buffer.updates() == null ? CallLayout.Part.RESULT : updated(i, byName);
      case WORKSPACE -> CallLayout.Part.WORK;
    };
  }

  /** An update is written over the old value, unless the program reads that to its end. */
  private CallLayout.Part updated(int i, Map<String, Tensor> byName) {
    Buffer buffer = buffers.get(i);
    CallLayout.Part part = use(i, buffer.updates(), byName);
    if (buffer.inPlace() || program().find(buffer.updates()) < 0) {
      return part;
    }
    copied[i] = tensors[i];
    return CallLayout.Part.WORK;
  }

  private CallLayout.Part use(int i, String name, Map<String, Tensor> byName) {
    named[i] = tensorOf(program(), byName, name, buffers.get(i));
    if (!(named[i].device() instanceof DeviceTensor)) {
      throw new IllegalStateException(name + " does not lie on " + device);
    }
    tensors[i] = (DeviceTensor) named[i].device();
    return CallLayout.Part.ELSEWHERE;
  }

  @Override
  public void control(String name, double value) {
    int position = program().find(name);
    if (position >= 0) {
      DirectMemory.setScalar(controls[position], buffers.get(position).dtype(), value);
    }
  }

  @Override
  public void control(String name, long value) {
    int position = program().find(name);
    if (position >= 0 && controls[position].capacity() == Long.BYTES) {
      switch (buffers.get(position).dtype()) {
        case I64 -> controls[position].putLong(0, value);
        case F64, F32, I32, I8, BOOL, F16, BF16 -> control(name, (double) value);
      }
    } else if (position >= 0) {
      control(name, (double) value);
    }
  }

  @Override
  public Object array(int position) {
    if (named[position] != null) {
      return named[position].array();
    }
    if (stale[position]) {
      int size = size(position);
      if (own[position] == null || Array.getLength(own[position]) < size) {
        own[position] = Tensor.newArray(buffers.get(position).dtype(), size);
      }
      DirectMemory.get(call.view(position), own[position], size);
      stale[position] = false;
    }
    return own[position];
  }

  /** Memory of its own on the device, which each call from now on writes the result to. */
  @Override
  protected Tensor tensor(int position, List<Integer> shape) {
    Buffer buffer = buffers.get(position);
    if (copied[position] == null) {
      DeviceTensor memory = DeviceTensor.zeros(device, Tensor.size(shape) * buffer.dtype().bytes());
      DirectMemory.put(
          DirectMemory.view(memory.get(), buffer.dtype()), array(position), size(position));
      copied[position] = memory;
      for (int output : program().positions(Role.OUTPUT)) {
        array(output);
      }
      forget();
    }
    return new Tensor(buffer.dtype(), shape, copied[position]);
  }

  @Override
  protected void reserve(int[] dims, int[] newSizes) {
    sizes = newSizes;
    List<Integer> key = new ArrayList<>();
    for (int dim : dims) {
      key.add(dim);
    }
    CallLayout layout = new CallLayout(buffers, parts, newSizes);
    device.enter();
    makeRoom(layout, dims);
    call = calls.get(key);
    if (call == null) {
      forgetOldest();
      call = newCall(layout, dims);
      calls.put(key, call);
    }
  }

  private void makeRoom(CallLayout layout, int[] dims) {
    if (layout.sharedBytes() > Integer.MAX_VALUE) {
      throw noRoom(layout, dims, null);
    }
    try {
      if (layout.sharedBytes() > pinnedBytes) {
        forget();
        pinned = replaced(pinned, device.allocatePinned(layout.sharedBytes()));
        pinnedBytes = layout.sharedBytes();
        host = device.driver().memory(pinned.handle(), pinnedBytes);
      }
      if (layout.bytes() > arenaBytes) {
        forget();
        arenaBytes = -1;
        arena = replaced(arena, null);
        arena = device.allocate(layout.bytes());
        arenaBytes = layout.bytes();
      }
    } catch (DriverException failed) {
      throw failed.status() == DriverException.OUT_OF_MEMORY
          ? noRoom(layout, dims, failed)
          : failed;
    }
  }

  private static Held replaced(Held old, Held fresh) {
    if (old != null) {
      old.release();
    }
    return fresh;
  }

  private RuntimeException noRoom(CallLayout layout, int[] dims, DriverException cause) {
    ProgramAbi abi = program().abi();
    StringBuilder text = new StringBuilder(abi.name()).append(": no room on ").append(device);
    text.append(" for ").append(layout.bytes()).append(" bytes");
    for (int i = 0; i < dims.length; i++) {
      text.append(i == 0 ? " with " : ", ").append(abi.dims().get(i)).append(" = ").append(dims[i]);
    }
    text.append(": ").append(layout.givenBytes()).append(" for inputs, ");
    text.append(layout.resultBytes()).append(" for outputs, ");
    text.append(layout.bytes() - layout.sharedBytes()).append(" of workspace, planned as ");
    text.append(abi.peakBytes()).append("; ").append(tensorBytes());
    text.append(" more for parameters; ").append(device.memory());
    return Device.tooLarge(cause, text.toString());
  }

  private long tensorBytes() {
    long bytes = 0;
    for (int i = 0; i < tensors.length; i++) {
      bytes += tensors[i] == null || buffers.get(i).updates() != null ? 0 : tensors[i].bytes();
    }
    return bytes;
  }

  private Call newCall(CallLayout layout, int[] dims) {
    long[] addresses = new long[parts.length];
    List<long[]> copies = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      boolean isElsewhere = parts[i] == CallLayout.Part.ELSEWHERE;
      addresses[i] = isElsewhere ? tensors[i].address() : arena.handle() + layout.offset(i);
      if (copied[i] != null) {
        copies.add(new long[] {copied[i].address(), addresses[i], copied[i].bytes()});
      }
    }
    return new Call(
        device,
        layout,
        buffers,
        parts,
        sizes,
        new Launches(code, dims, addresses),
        arena.handle(),
        pinned.handle(),
        host,
        copies.toArray(new long[0][]));
  }

  /** Graphs know addresses that are about to change. */
  private void forget() {
    for (Call each : calls.values()) {
      each.release();
    }
    calls.clear();
    call = null;
  }

  private void forgetOldest() {
    if (calls.size() == MOST_CALLS) {
      List<Integer> oldest = calls.keySet().iterator().next();
      calls.remove(oldest).release();
    }
  }

  @Override
  protected void execute(Object[] given, int[] dims, long work) {
    try {
      device.enter();
      if (call == null) {
        reserve(dims, sizes);
      }
      give(given);
      call.run(stream.handle());
    } finally {
      Reference.reachabilityFence(this);
    }
    for (int i = 0; i < parts.length; i++) {
      if (buffers.get(i).role() == Role.OUTPUT) {
        take(i, given[i]);
      }
    }
  }

  private void give(Object[] given) {
    for (int i = 0; i < parts.length; i++) {
      if (controls[i] != null) {
        copyControl(i);
      } else if (parts[i] == CallLayout.Part.GIVEN) {
        DirectMemory.put(call.view(i), given[i], sizes[i]);
      } else if (tensors[i] != null) {
        tensors[i].toDevice(stream.handle());
      }
    }
  }

  private void copyControl(int i) {
    Object array = Tensor.newArray(buffers.get(i).dtype(), 1);
    DirectMemory.get(DirectMemory.view(controls[i], buffers.get(i).dtype()), array, 1);
    DirectMemory.put(call.view(i), array, 1);
  }

  private void take(int i, Object array) {
    if (tensors[i] != null) {
      tensors[i].written();
      return;
    }
    if (copied[i] != null) {
      copied[i].written();
    }
    if (array != null) {
      DirectMemory.get(call.view(i), array, sizes[i]);
    }
    stale[i] = array == null;
  }
}
