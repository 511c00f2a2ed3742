package org.modelc.codegen.cuda;

import java.util.List;

/**
 * A text compiled for one architecture.
 *
 * @param ptx assembly that drivers compile for this architecture and later ones, of the least
 *     version that it needs ({@link LeastPtxVersion})
 * @param cubin machine code for this architecture alone
 * @param kernels what each kernel takes of a multiprocessor
 */
public record DeviceCode(String ptx, byte[] cubin, List<Resources> kernels) {
  public DeviceCode {
    kernels = List.copyOf(kernels);
  }

  /**
   * What the assembler says of a kernel.
   *
   * @param registers of a thread, 32 bits each
   * @param stackBytes of a thread, in local memory
   * @param spillBytes stored to local memory for want of registers
   * @param sharedBytes shared memory of a block
   */
  public record Resources(
      String kernel, int registers, int stackBytes, int spillBytes, int sharedBytes) {}
}
