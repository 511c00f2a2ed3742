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
 * @param product the tiles of a matrix product; null for other kernels
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
    Dim bytes,
    Product product) {
  public Launch {
    grid = List.copyOf(grid);
    buffers = List.copyOf(buffers);
    dims = List.copyOf(dims);
  }

  /**
   * How a matrix product is cut.
   *
   * @param rate what multiplies
   * @param parts that its sums are cut into; they are written and read again
   * @param tileRows rows of a block
   * @param tileColumns columns of a block
   * @param elementBytes of a factor's element
   */
  public record Product(
      Roofline.Rate rate,
      Dim batches,
      Dim rows,
      Dim columns,
      Dim steps,
      int parts,
      int tileRows,
      int tileColumns,
      int elementBytes) {
    private double tiles(Map<String, ? extends Number> dims) {
      double down = Math.ceil((double) rows.evaluate(dims) / tileRows);
      double across = Math.ceil((double) columns.evaluate(dims) / tileColumns);
      return batches.evaluate(dims) * down * across;
    }

    /** Bytes that all blocks bring, and those of the parts. */
    double brought(Map<String, ? extends Number> dims) {
      double perTile = (double) steps.evaluate(dims) * (tileRows + tileColumns) * elementBytes;
      double sums = (double) rows.times(columns).times(batches).evaluate(dims) * Float.BYTES;
      return tiles(dims) * perTile + sums * (parts == 1 ? 1 : 2 * parts + 1);
    }

    /** Operations of whole tiles. */
    double executed(Map<String, ? extends Number> dims) {
      return 2.0 * tiles(dims) * tileRows * tileColumns * steps.evaluate(dims);
    }
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
