package org.modelc.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/** A run of an emitted graph on some inputs: device memory and the launches over it. */
final class CudaRun {
  private final EmittedCuda emitted;
  private final Map<String, Integer> dims;
  private final List<byte[]> memory = new ArrayList<>();
  private final List<Launch> launches = new ArrayList<>();
  private final Map<String, Integer> given = new LinkedHashMap<>();
  private final Map<String, Integer> prepared = new LinkedHashMap<>();
  private List<Integer> outputs = List.of();

  /** What runs launches over memory and gives the memory afterwards. */
  @FunctionalInterface
  interface Device {
    List<byte[]> run(List<byte[]> memory, List<Launch> launches) throws IOException;
  }

  /**
   * @param inputs in the graph's order
   */
  CudaRun(EmittedCuda emitted, List<Array> inputs) {
    this.emitted = emitted;
    this.dims = emitted.dims(inputs);
    for (int i = 0; i < inputs.size(); i++) {
      Graph.Input input = emitted.graph().inputs().get(i);
      Array array = inputs.get(i);
      ByteBuffer bytes = NativeArrays.of(array.dtype(), array.data(), array.size());
      given.put(input.role() + " " + input.name(), add(bytes));
    }
    emitted.parts().forEach(this::plan);
  }

  private int add(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.capacity()];
    bytes.get(0, copy);
    memory.add(copy);
    return memory.size() - 1;
  }

  private void plan(EmittedCudaProgram program) {
    List<Integer> places = new ArrayList<>();
    outputs = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : program.abi().buffers()) {
      Integer place = given.get(buffer.role() + " " + buffer.name());
      if (place == null && buffer.role() == Role.CONSTANT) {
        place = prepared.get(buffer.name());
      }
      if (buffer.inPlace()) {
        place = updated(program, places, buffer.updates());
      }
      if (place == null) {
        place = add(fresh(program, buffer));
      }
      places.add(place);
      if (buffer.role() == Role.OUTPUT) {
        outputs.add(place);
        prepared.put(buffer.name(), place);
      }
    }
    program.launches().forEach(launch -> launches.add(bound(launch, places)));
  }

  /** Where the input lies that an output updates in place. */
  private static int updated(EmittedCudaProgram program, List<Integer> places, String name) {
    for (int i = 0; i < places.size(); i++) {
      ProgramAbi.Buffer buffer = program.abi().buffers().get(i);
      if (buffer.name().equals(name) && buffer.role() != Role.OUTPUT) {
        return places.get(i);
      }
    }
    throw new IllegalStateException("the program has no input " + name);
  }

  private ByteBuffer fresh(EmittedCudaProgram program, ProgramAbi.Buffer buffer) {
    int size = (int) buffer.size().evaluate(dims);
    for (PooledConstant constant : program.constants()) {
      if (constant.buffer().equals(buffer.name())) {
        return NativeArrays.of(buffer.dtype(), constant.elements(), size);
      }
    }
    return NativeArrays.garbage(buffer.dtype(), size);
  }

  private Launch bound(org.modelc.codegen.cuda.Launch launch, List<Integer> places) {
    List<Argument> arguments = new ArrayList<>();
    launch.buffers().forEach(buffer -> arguments.add(Argument.buffer(places.get(buffer))));
    launch.dims().forEach(dim -> arguments.add(Argument.of((int) dims.get(dim))));
    int[] grid = launch.grid().stream().mapToInt(extent -> extent.evaluate(dims)).toArray();
    return new Launch(
        launch.kernel(),
        new Extent(grid[0], grid[1], grid[2]),
        Extent.of(launch.block()),
        0,
        arguments);
  }

  /** Runs on a device; gives outputs in the graph's order. */
  List<Array> on(Device device) throws IOException {
    List<byte[]> after = device.run(memory, launches);
    List<ByteBuffer> results = new ArrayList<>();
    for (int output : outputs) {
      results.add(ByteBuffer.wrap(after.get(output)).order(java.nio.ByteOrder.LITTLE_ENDIAN));
    }
    return new EmittedGraph(emitted.graph(), List.of()).results(results, dims);
  }
}
