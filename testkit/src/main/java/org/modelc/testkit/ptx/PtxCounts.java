package org.modelc.testkit.ptx;

import java.util.Arrays;

/** What launches cost, counted; grows with each launch that is given it. */
public final class PtxCounts {
  /** The unit in which global memory is fetched, in bytes. */
  private static final int SECTOR_BITS = 5;

  private static final int BANKS = 32;

  private long threadInstructions;
  private long warpInstructions;
  private long globalRequests;
  private long globalSectors;
  private long sharedRequests;
  private long bankConflicts;
  private long matrixProducts;
  private long barriers;
  private final long[] words = new long[BANKS];
  private final long[] sorted = new long[2 * Warp.LANES];

  /** Instructions times the lanes that executed them. */
  public long threadInstructions() {
    return threadInstructions;
  }

  /** Instructions that warps executed. */
  public long warpInstructions() {
    return warpInstructions;
  }

  /** Loads and stores of warps in global memory. */
  public long globalRequests() {
    return globalRequests;
  }

  /** Pieces of 32 bytes that those touched; a request of 32 consecutive f32 touches 4. */
  public long globalSectors() {
    return globalSectors;
  }

  /** Loads and stores of warps in shared memory. */
  public long sharedRequests() {
    return sharedRequests;
  }

  /** How many further passes those took because lanes wanted different words of one bank. */
  public long bankConflicts() {
    return bankConflicts;
  }

  /** mma instructions of warps. */
  public long matrixProducts() {
    return matrixProducts;
  }

  /** Barriers that blocks passed. */
  public long barriers() {
    return barriers;
  }

  void countInstruction(int lanes) {
    warpInstructions++;
    threadInstructions += Integer.bitCount(lanes);
  }

  void countMatrixProduct() {
    matrixProducts++;
  }

  void countBarrier() {
    barriers++;
  }

  /** A request of some lanes in global memory, each for so many bytes. */
  void countGlobal(long[] addresses, int lanes, int bytes) {
    globalRequests++;
    int count = 0;
    long last = -1;
    boolean ascending = true;
    for (int i = 0; i < lanes; i++) {
      long sector = addresses[i] >>> SECTOR_BITS;
      ascending &= sector >= last;
      if (sector != last) {
        sorted[count++] = sector;
      }
      last = sector;
    }
    globalSectors += ascending ? count : distinct(count);
  }

  private int distinct(int count) {
    Arrays.sort(sorted, 0, count);
    int result = 0;
    for (int i = 0; i < count; i++) {
      result += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    return result;
  }

  /**
   * A request in shared memory: banks are words of 4 bytes; with 8 bytes a lane it goes in halves
   * of a warp, with 16 in quarters.
   */
  void countShared(long[] addresses, int lanes, int bytes) {
    sharedRequests++;
    int part = bytes <= 4 ? Warp.LANES : Warp.LANES * 4 / bytes;
    for (int first = 0; first < lanes; first += part) {
      bankConflicts += passes(addresses, first, Math.min(lanes, first + part), bytes) - 1;
    }
  }

  private int passes(long[] addresses, int from, int to, int bytes) {
    return bytes <= 4 && isFree(addresses, from, to) ? 1 : sortedPasses(addresses, from, to, bytes);
  }

  /** Whether no bank has two words to give. */
  private boolean isFree(long[] addresses, int from, int to) {
    Arrays.fill(words, -1);
    for (int i = from; i < to; i++) {
      long word = addresses[i] >>> 2;
      int bank = (int) (word & BANKS - 1);
      if (words[bank] != -1 && words[bank] != word) {
        return false;
      }
      words[bank] = word;
    }
    return true;
  }

  private int sortedPasses(long[] addresses, int from, int to, int bytes) {
    int each = Math.max(1, bytes / 4);
    int count = 0;
    for (int i = from; i < to; i++) {
      for (int word = 0; word < each && count < sorted.length; word++) {
        sorted[count++] = (addresses[i] >>> 2) + word;
      }
    }
    Arrays.sort(sorted, 0, count);
    int[] wanted = new int[BANKS];
    int most = 1;
    for (int i = 0; i < count; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        most = Math.max(most, ++wanted[(int) (sorted[i] & BANKS - 1)]);
      }
    }
    return most;
  }

  @Override
  public String toString() {
    return threadInstructions
        + " thread-instructions, "
        + globalSectors
        + " sectors in "
        + globalRequests
        + " global requests, "
        + bankConflicts
        + " bank conflicts in "
        + sharedRequests
        + " shared requests, "
        + matrixProducts
        + " mma, "
        + barriers
        + " barriers";
  }
}
