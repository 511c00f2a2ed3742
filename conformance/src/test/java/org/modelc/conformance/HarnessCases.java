package org.modelc.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * What {@code src/test/c/harness.c} reads: calls with all their memory, every number an i64,
 * little-endian. A case is a number of parts; a part its program, the bytes of scratch memory, its
 * dims, its buffers; a buffer its size in bytes, whether it is a result, and what it holds: 0 and
 * the bytes, 1 and a byte to fill it with, 2 and the part and the buffer whose memory it is.
 */
final class HarnessCases {
  /** As the harness does: each case with one worker, then with two. */
  static final int RUNS = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  HarnessCases(int cases) {
    number(cases);
  }

  /** All cases so far. */
  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** Adds a call of a graph on inputs in its order. */
  void add(EmittedGraph emitted, List<Array> inputs) {
    Map<String, ByteBuffer> given = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Graph.Input input = emitted.graph().inputs().get(i);
      Array array = inputs.get(i);
      given.put(
          input.role() + " " + input.name(),
          NativeArrays.of(array.dtype(), array.data(), array.size()));
    }
    Map<String, Integer> dims = emitted.dims(inputs);
    Map<String, int[]> prepared = new LinkedHashMap<>();
    number(emitted.parts().size());
    for (int i = 0; i < emitted.parts().size(); i++) {
      add(emitted, i, given, prepared, dims);
    }
  }

  private void add(
      EmittedGraph emitted,
      int index,
      Map<String, ByteBuffer> given,
      Map<String, int[]> prepared,
      Map<String, Integer> dims) {
    EmittedGraph.Part part = emitted.parts().get(index);
    ProgramAbi abi = part.program().abi();
    number(part.number());
    number(part.program().scratchBytes().evaluate(dims));
    number(abi.dims().size());
    abi.dims().forEach(dim -> number(dims.get(dim)));
    number(abi.buffers().size());
    for (int i = 0; i < abi.buffers().size(); i++) {
      ProgramAbi.Buffer buffer = abi.buffers().get(i);
      boolean output = buffer.role() == Role.OUTPUT;
      int size = (int) buffer.size().evaluate(dims);
      number((long) size * buffer.dtype().bytes());
      number(output && index == emitted.parts().size() - 1 ? 1 : 0);
      int[] place = buffer.role() == Role.CONSTANT ? prepared.get(buffer.name()) : null;
      ByteBuffer memory = given.get(buffer.role() + " " + buffer.name());
      if (memory == null && place != null) {
        number(2);
        number(place[0]);
        number(place[1]);
      } else {
        contents(memory != null ? memory : part.fresh(buffer, size), buffer.role());
      }
      if (output) {
        prepared.put(buffer.name(), new int[] {index, i});
      }
    }
  }

  /** The bytes; garbage that is one byte over and over as that byte, since arenas are large. */
  private void contents(ByteBuffer memory, Role role) {
    if (role == Role.WORKSPACE && memory.capacity() > 0) {
      number(1);
      number(memory.get(0) & 0xff);
      return;
    }
    number(0);
    byte[] copy = new byte[memory.capacity()];
    memory.get(0, copy);
    bytes.writeBytes(copy);
  }

  private void number(long value) {
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  /**
   * The outputs of one run of a case, taken from what the harness wrote; null if it is not all
   * there.
   */
  static List<Array> read(EmittedGraph emitted, Map<String, Integer> dims, ByteBuffer results) {
    EmittedGraph.Part last = emitted.parts().get(emitted.parts().size() - 1);
    List<ByteBuffer> outputs = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : last.program().abi().buffers()) {
      if (buffer.role() == Role.OUTPUT) {
        int size = (int) buffer.size().evaluate(dims) * buffer.dtype().bytes();
        if (results.remaining() < size) {
          return null;
        }
        outputs.add(results.slice(results.position(), size).order(ByteOrder.LITTLE_ENDIAN));
        results.position(results.position() + size);
      }
    }
    return emitted.results(outputs, dims);
  }
}
