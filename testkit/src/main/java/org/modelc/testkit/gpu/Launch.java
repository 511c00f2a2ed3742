package org.modelc.testkit.gpu;

import java.util.List;

/**
 * One call of a kernel.
 *
 * @param grid how many blocks
 * @param block how many threads in a block
 * @param dynamicSharedBytes the dynamic shared memory of a block
 */
public record Launch(
    String kernel, Extent grid, Extent block, int dynamicSharedBytes, List<Argument> arguments) {
  /** A launch without dynamic shared memory. */
  public static Launch of(String kernel, Extent grid, Extent block, Argument... arguments) {
    return new Launch(kernel, grid, block, 0, List.of(arguments));
  }
}
