package org.modelc.runtime.cuda;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.spec.ProgramAbi;

/** A program's launches for some dims and addresses, as the driver takes them. */
final class Launches {
  private final Device device;
  private final CudaProgram program;
  private final int[][] grids;
  private final int[] first;
  private final ByteBuffer memory;
  private final long begin;

  /**
   * @param addresses of the buffers, by number
   */
  Launches(CudaProgram program, int[] dims, long[] addresses) {
    this.device = program.module().device();
    this.program = program;
    List<CudaSpec.Kernel> kernels = program.spec().launches();
    this.grids = new int[kernels.size()][];
    this.first = new int[kernels.size()];
    int arguments = 0;
    for (int i = 0; i < first.length; i++) {
      first[i] = arguments;
      arguments += kernels.get(i).buffers().size() + kernels.get(i).dims().size();
    }
    // For each argument its address, as the driver wants it, then the arguments themselves.
    this.memory = DirectMemory.allocate(2L * Long.BYTES * arguments);
    this.begin = device.driver().address(memory);
    Map<String, Integer> values = values(program.spec().abi(), dims);
    int at = 0;
    for (int i = 0; i < first.length; i++) {
      CudaSpec.Kernel kernel = kernels.get(i);
      grids[i] = grid(kernel, values);
      for (int buffer : kernel.buffers()) {
        put(at++, arguments, addresses[buffer]);
      }
      for (String dim : kernel.dims()) {
        put(at++, arguments, values.get(dim));
      }
    }
  }

  private void put(int argument, int arguments, long value) {
    int at = (arguments + argument) * Long.BYTES;
    memory.putLong(argument * Long.BYTES, begin + at);
    memory.putLong(at, value);
  }

  private static Map<String, Integer> values(ProgramAbi abi, int[] dims) {
    Map<String, Integer> values = new HashMap<>();
    for (int i = 0; i < dims.length; i++) {
      values.put(abi.dims().get(i), dims[i]);
    }
    return values;
  }

  private static int[] grid(CudaSpec.Kernel kernel, Map<String, Integer> dims) {
    int[] grid = new int[kernel.grid().size()];
    for (int i = 0; i < grid.length; i++) {
      CudaSpec.Blocks blocks = kernel.grid().get(i);
      long count = (blocks.count().evaluate(dims) + blocks.per() - 1) / blocks.per();
      grid[i] = (int) Math.max(1, Math.min(count, blocks.most()));
    }
    return grid;
  }

  /** Puts them all into a stream, in order. */
  void enqueue(long stream) {
    List<CudaSpec.Kernel> kernels = program.spec().launches();
    for (int i = 0; i < grids.length; i++) {
      device.check(
          DriverFunction.LAUNCH_KERNEL,
          program.function(i),
          grids[i][0],
          grids[i][1],
          grids[i][2],
          kernels.get(i).block(),
          1,
          1,
          kernels.get(i).sharedBytes(),
          stream,
          begin + (long) first[i] * Long.BYTES,
          0);
    }
  }
}
