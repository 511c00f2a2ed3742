package org.modelc.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that ends where a mapped file ends: one byte further the processor faults, and a native
 * program that goes there ends the process.
 */
final class GuardedMemory {
  private static final int PAGE = 4096;
  private static final int PAGES = 64;

  private final List<ByteBuffer> regions = new ArrayList<>();
  private int taken;

  /** A region with its last page beyond the file's end. */
  static ByteBuffer region(int pages) {
    try {
      Path file = Files.createTempFile("modelc-guard", ".memory");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, (pages + 1L) * PAGE);
        channel.truncate((long) pages * PAGE);
        return mapped;
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes all regions free again. */
  void reset() {
    taken = 0;
  }

  /**
   * Memory of a size whose last byte is the last of its region; null if it is too much, or not on
   * Linux.
   */
  ByteBuffer allocate(long bytes) {
    if (bytes > (long) PAGES * PAGE || !System.getProperty("os.name").equals("Linux")) {
      return null;
    }
    if (taken == regions.size()) {
      regions.add(region(PAGES));
    }
    ByteBuffer region = regions.get(taken++);
    int end = PAGES * PAGE;
    return region.slice(end - (int) bytes, (int) bytes).order(ByteOrder.nativeOrder());
  }

  static int page() {
    return PAGE;
  }
}
