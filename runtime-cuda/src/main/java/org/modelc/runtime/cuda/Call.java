package org.modelc.runtime.cuda;

import java.nio.ByteBuffer;
import java.util.List;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.spec.ProgramAbi.Buffer;

/**
 * A program's calls of some dims: copies, launches, copies. The second call of the same dims
 * captures them as a graph, which all further ones launch as a whole.
 */
final class Call {
  /** {@code CU_STREAM_CAPTURE_MODE_THREAD_LOCAL}: other threads may allocate meanwhile. */
  private static final int THREAD_LOCAL = 1;

  private final Device device;
  private final CallLayout layout;
  private final Launches launches;
  private final long arena;
  private final long pinned;
  private final long[][] copies;
  private final Object[] views;
  private boolean hasRun;
  private Held graph;

  /**
   * @param host the pinned copy of what host and device share, at {@code pinned}
   * @param copies further copies on the device after the launches: to, from, bytes
   */
  Call(
      Device device,
      CallLayout layout,
      List<Buffer> buffers,
      CallLayout.Part[] parts,
      int[] sizes,
      Launches launches,
      long arena,
      long pinned,
      ByteBuffer host,
      long[][] copies) {
    this.device = device;
    this.layout = layout;
    this.launches = launches;
    this.arena = arena;
    this.pinned = pinned;
    this.copies = copies;
    this.views = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] == CallLayout.Part.GIVEN || parts[i] == CallLayout.Part.RESULT) {
        int bytes = sizes[i] * buffers.get(i).dtype().bytes();
        ByteBuffer own = host.slice((int) layout.offset(i), bytes).order(host.order());
        views[i] = DirectMemory.view(own, buffers.get(i).dtype());
      }
    }
  }

  /** What an input's or output's elements are read and written by, on the host. */
  Object view(int buffer) {
    return views[buffer];
  }

  /** Runs it and waits for its end. */
  void run(long stream) {
    if (graph != null) {
      device.check(DriverFunction.GRAPH_LAUNCH, graph.handle(), stream);
    } else if (hasRun) {
      graph = capture(stream);
      device.check(DriverFunction.GRAPH_LAUNCH, graph.handle(), stream);
    } else {
      enqueue(stream);
      hasRun = true;
    }
    device.check(DriverFunction.STREAM_SYNCHRONIZE, stream);
  }

  private Held capture(long stream) {
    device.check(DriverFunction.STREAM_BEGIN_CAPTURE, stream, THREAD_LOCAL);
    enqueue(stream);
    Driver driver = device.driver();
    ByteBuffer result = DirectMemory.allocate(Long.BYTES);
    device.check(DriverFunction.STREAM_END_CAPTURE, stream, driver.address(result));
    long captured = result.getLong(0);
    try {
      return new Held(
          device,
          device.handle(DriverFunction.GRAPH_INSTANTIATE, captured, 0),
          DriverFunction.GRAPH_EXECUTABLE_DESTROY);
    } finally {
      device.release(DriverFunction.GRAPH_DESTROY, captured);
    }
  }

  private void enqueue(long stream) {
    if (layout.givenBytes() > 0) {
      device.check(DriverFunction.COPY_TO_DEVICE, arena, pinned, layout.givenBytes(), stream);
    }
    launches.enqueue(stream);
    for (long[] copy : copies) {
      device.check(DriverFunction.COPY_ON_DEVICE, copy[0], copy[1], copy[2], stream);
    }
    if (layout.resultBytes() > 0) {
      long from = layout.givenBytes();
      device.check(
          DriverFunction.COPY_TO_HOST, pinned + from, arena + from, layout.resultBytes(), stream);
    }
  }

  /** Gives the graph back. */
  void release() {
    if (graph != null) {
      graph.release();
    }
  }
}
