package org.modelc.testkit.ptx;

import java.util.Arrays;

/**
 * Who last wrote and read each byte of a memory, and when: the block, the number of barriers it had
 * passed, how often the thread's warp had met with memory ordered since, the thread. Two accesses
 * of which one writes are a race unless one thread did both, or a barrier or (within a warp) a
 * bar.warp.sync lies between.
 */
final class AccessHistory {
  private static final int PAGE_BITS = 12;
  private static final long THREAD = 0x3ff;
  private static final long WARP = 0x3e0;
  private static final long MANY_THREADS = 1L << 10;
  private static final long MANY_WARPS = 1L << 11;
  private static final long MANY_BLOCKS = 1L << 12;
  private static final long ATOMIC = 1L << 13;
  private static final int MEETING_SHIFT = 14;
  private static final int BARRIER_SHIFT = 27;
  private static final int BLOCK_SHIFT = 43;
  private static final long MEETINGS = 0x1fffL << MEETING_SHIFT;

  private final long[][] writes;
  private final long[][] reads;

  AccessHistory(int bytes) {
    int pages = (bytes >>> PAGE_BITS) + 1;
    this.writes = new long[pages][];
    this.reads = new long[pages][];
  }

  /** The time of an access, but for its thread's number, which is added. */
  static long stamp(long block, long barriers, long meetings) {
    if (barriers > 0xffff || meetings > 0x1fff || block >= 1 << 20) {
      throw new PtxFailure("too many blocks, barriers or warp barriers to tell accesses apart");
    }
    return block + 1 << BLOCK_SHIFT | barriers << BARRIER_SHIFT | meetings << MEETING_SHIFT;
  }

  /** Of an atomic access: it does not race with others of its kind. */
  static long atomic(long stamp) {
    return stamp | ATOMIC;
  }

  /** The thread of an access. */
  static String describe(long stamp) {
    if ((stamp & MANY_BLOCKS) != 0) {
      return "threads of several blocks";
    }
    if ((stamp & (MANY_WARPS | MANY_THREADS)) != 0) {
      return "several threads of a " + ((stamp & MANY_WARPS) == 0 ? "warp" : "block");
    }
    return "thread " + (stamp & THREAD) + " of block " + ((stamp >>> BLOCK_SHIFT) - 1);
  }

  void forget() {
    Arrays.fill(writes, null);
    Arrays.fill(reads, null);
  }

  /**
   * Notes a read of bytes that one page holds. Returns a write that it races with, or 0.
   *
   * @param bytes a power of two to which the place is aligned
   */
  long read(int at, int bytes, long stamp) {
    int page = at >>> PAGE_BITS;
    int first = at & (1 << PAGE_BITS) - 1;
    long[] readers = page(reads, page);
    long[] writers = writes[page];
    for (int place = first; place < first + bytes; place++) {
      long known = readers[place];
      if (known != stamp) {
        readers[place] = known == 0 ? stamp : joined(known, stamp);
        long written = writers == null ? 0 : writers[place];
        if (written != 0 && !isOrdered(written, stamp)) {
          return written;
        }
      }
    }
    return 0;
  }

  /**
   * Notes a write. Returns an access that it races with, or 0.
   *
   * @param changes a bit for each byte that gets another value: one that stays races with reads
   *     alone
   */
  long write(int at, int bytes, long stamp, int changes) {
    int page = at >>> PAGE_BITS;
    int first = at & (1 << PAGE_BITS) - 1;
    long[] writers = page(writes, page);
    long[] readers = reads[page];
    for (int i = 0; i < bytes; i++) {
      long written = writers[first + i];
      writers[first + i] = stamp;
      if ((changes >>> i & 1) != 0 && written != 0 && !isOrdered(written, stamp)) {
        return written;
      }
      long read = readers == null ? 0 : readers[first + i];
      if (read != 0 && !isOrdered(read, stamp)) {
        return read;
      }
    }
    return 0;
  }

  private static long[] page(long[][] pages, int page) {
    if (pages[page] == null) {
      pages[page] = new long[1 << PAGE_BITS];
    }
    return pages[page];
  }

  private static boolean isOrdered(long earlier, long later) {
    if ((earlier & later & ATOMIC) != 0) {
      return true;
    }
    if ((earlier & MANY_BLOCKS) != 0 || earlier >>> BLOCK_SHIFT != later >>> BLOCK_SHIFT) {
      return false;
    }
    if (earlier >>> BARRIER_SHIFT < later >>> BARRIER_SHIFT) {
      return true;
    }
    if ((earlier & MANY_WARPS) != 0 || (earlier & WARP) != (later & WARP)) {
      return false;
    }
    boolean oneThread = (earlier & MANY_THREADS) == 0 && (earlier & THREAD) == (later & THREAD);
    return oneThread || (earlier & MEETINGS) < (later & MEETINGS);
  }

  /** What to keep of two reads, so that a write that is ordered after it is so after both. */
  private static long joined(long known, long stamp) {
    if ((known & MANY_BLOCKS) != 0 || known >>> BLOCK_SHIFT != stamp >>> BLOCK_SHIFT) {
      return stamp | MANY_BLOCKS;
    }
    if (known >>> BARRIER_SHIFT < stamp >>> BARRIER_SHIFT) {
      return stamp;
    }
    if ((known & MANY_WARPS) != 0 || (known & WARP) != (stamp & WARP)) {
      return stamp | MANY_WARPS;
    }
    boolean oneThread = (known & MANY_THREADS) == 0 && (known & THREAD) == (stamp & THREAD);
    return oneThread || (known & MEETINGS) < (stamp & MEETINGS) ? stamp : stamp | MANY_THREADS;
  }
}
