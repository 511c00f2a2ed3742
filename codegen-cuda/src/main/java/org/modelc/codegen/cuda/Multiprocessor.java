package org.modelc.codegen.cuda;

/**
 * What a multiprocessor has for the blocks that it holds at once. Source: CUDA C++ Programming
 * Guide, "Technical Specifications per Compute Capability".
 *
 * @param threads at most
 * @param blocks at most
 * @param registers of 32 bits
 * @param sharedBytes shared memory
 * @param reservedBytes shared memory that the system takes of each block
 */
public record Multiprocessor(
    int threads, int blocks, int registers, int sharedBytes, int reservedBytes) {
  private static final int KILO = 1024;
  private static final int REGISTERS = 64 * KILO;

  /** Registers are given to warps in units of this. */
  private static final int REGISTER_UNIT = 256;

  private static final int WARP = 32;

  /**
   * That of an architecture.
   *
   * @throws IllegalArgumentException for one that the guide does not have
   */
  public static Multiprocessor of(int architecture) {
    return switch (architecture) {
      case 75 -> new Multiprocessor(1024, 16, REGISTERS, 64 * KILO, 0);
      case 80 -> new Multiprocessor(2048, 32, REGISTERS, 164 * KILO, KILO);
      case 86 -> new Multiprocessor(1536, 16, REGISTERS, 100 * KILO, KILO);
      case 89, 120 -> new Multiprocessor(1536, 24, REGISTERS, 100 * KILO, KILO);
      case 90, 100 -> new Multiprocessor(2048, 32, REGISTERS, 228 * KILO, KILO);
      default -> throw new IllegalArgumentException("nothing is known of sm_" + architecture);
    };
  }

  /** Blocks of a kernel that it holds at once; 0 if not even one. */
  public int holds(DeviceCode.Resources kernel, int threadsOfBlock) {
    int warps = (threadsOfBlock + WARP - 1) / WARP;
    int perWarp = (kernel.registers() * WARP + REGISTER_UNIT - 1) / REGISTER_UNIT * REGISTER_UNIT;
    int byRegisters = registers / Math.max(1, perWarp * warps);
    int byShared = sharedBytes / Math.max(1, kernel.sharedBytes() + reservedBytes);
    return Math.min(Math.min(blocks, threads / (warps * WARP)), Math.min(byRegisters, byShared));
  }

  /** The share of the threads that it could hold. */
  public double occupancy(DeviceCode.Resources kernel, int threadsOfBlock) {
    return (double) holds(kernel, threadsOfBlock) * threadsOfBlock / threads;
  }
}
