package org.modelc.codegen.cuda.emit;

import java.util.List;
import org.modelc.codegen.cuda.Launch;

/**
 * One kernel's function and how it is started.
 *
 * @param comment origin and schedule, for the reader
 * @param buffers places of the function's first arguments
 * @param dims its other arguments
 * @param product the tiles of a matrix product; null for other kernels
 */
public record Phase(
    String function,
    List<String> comment,
    List<Launch.Extent> grid,
    int block,
    int sharedBytes,
    List<Integer> buffers,
    List<String> dims,
    Launch.Product product) {
  public Phase {
    comment = List.copyOf(comment);
    grid = List.copyOf(grid);
    buffers = List.copyOf(buffers);
    dims = List.copyOf(dims);
  }

  /** The phase as that of a product. */
  public Phase of(Launch.Product tiles) {
    return new Phase(function, comment, grid, block, sharedBytes, buffers, dims, tiles);
  }
}
