package org.modelc.codegen.cuda;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.Dim;

/**
 * One kernel to start; each sees what those before it wrote.
 *
 * @param kernel the name of its {@code extern "C" __global__} function
 * @param schedule origin and schedule, for the reader
 * @param grid blocks along x, y, z
 * @param block threads of a block, all along x
 * @param sharedBytes shared memory that the kernel declares
 * @param buffers the first arguments: addresses of these buffers of the ABI, by number
 * @param dims the arguments after them: values of these dims, 32 bits each
 * @param multiplyAdds points of the kernels' iteration spaces; 0 for all steps of a kernel but the
 *     first
 * @param bytes distinct bytes that the kernel reads and writes; 0 for all steps but the first
 */
public record Launch(
    String kernel,
    String schedule,
    List<Extent> grid,
    int block,
    int sharedBytes,
    List<Integer> buffers,
    List<String> dims,
    Dim multiplyAdds,
    Dim bytes) {
  public Launch {
    grid = List.copyOf(grid);
    buffers = List.copyOf(buffers);
    dims = List.copyOf(dims);
  }

  /**
   * A number of blocks: one for every {@code per} of {@code count}, at least 1 and at most {@code
   * most}. A kernel whose grid is cut at the most runs through the rest in strides.
   */
  public record Extent(Dim count, int per, int most) {
    /** One block. */
    public static final Extent ONE = new Extent(Dim.ONE, 1, 1);

    /** The number once the dims are bound. */
    public int evaluate(Map<String, ? extends Number> dims) {
      long blocks = (count.evaluate(dims) + per - 1) / per;
      return (int) Math.max(1, Math.min(blocks, most));
    }

    @Override
    public String toString() {
      String blocks = per == 1 ? "" + count : "ceil((" + count + ") / " + per + ")";
      return count.isStatic() ? "" + evaluate(Map.of()) : "clamp(" + blocks + ", 1, " + most + ")";
    }
  }

  /** The kernel and how many blocks and threads it has. */
  String configured() {
    boolean isFlat = grid.get(1).equals(Extent.ONE) && grid.get(2).equals(Extent.ONE);
    return kernel + "<<<" + (isFlat ? grid.get(0) : grid) + ", " + block + ">>>";
  }
}
