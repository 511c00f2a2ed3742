package org.modelc.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.modelc.runtime.data.DataException;

/**
 * Decodes pictures when they are first wanted and keeps as many as its memory allows. A folder
 * whose files are small is decoded whole when it is opened, so that damaged files show before
 * training begins; of a large one the headers are looked at.
 */
final class PictureStore {
  /** Files together no larger than this are decoded at once. */
  private static final long DECODED_AT_ONCE = 256L << 20;

  private final PictureShape shape;
  private final long memory;
  private final AtomicLong used = new AtomicLong();

  PictureStore(PictureShape shape, long memory) {
    this.shape = shape;
    this.memory = memory;
  }

  PictureShape shape() {
    return shape;
  }

  /** Marks the files that cannot be read and tells what is wrong with each, in their order. */
  List<DataException> check(List<PictureFile> files) {
    boolean whole = totalSize(files) <= DECODED_AT_ONCE;
    DataException[] mistakes = new DataException[files.size()];
    IntStream.range(0, files.size())
        .parallel()
        .forEach(i -> mistakes[i] = mistake(files.get(i), whole));
    List<DataException> found = new ArrayList<>();
    for (DataException mistake : mistakes) {
      if (mistake != null) {
        found.add(mistake);
      }
    }
    return found;
  }

  private DataException mistake(PictureFile file, boolean whole) {
    try {
      if (whole) {
        bytes(file);
      } else {
        Pictures.checkHeader(file.path());
      }
      return null;
    } catch (DataException e) {
      file.markBroken();
      return e;
    }
  }

  private static long totalSize(List<PictureFile> files) {
    long total = 0;
    for (PictureFile file : files) {
      try {
        total += Files.size(file.path());
      } catch (IOException e) {
        // Reading it will tell.
        total += 0;
      }
    }
    return total;
  }

  /** Decodes these pictures by several threads, those that are not decoded yet. */
  byte[][] decode(List<PictureFile> files) {
    byte[][] decoded = new byte[files.size()][];
    IntStream.range(0, decoded.length).parallel().forEach(i -> decoded[i] = bytes(files.get(i)));
    return decoded;
  }

  private byte[] bytes(PictureFile file) {
    byte[] bytes = file.bytes();
    if (bytes == null) {
      bytes = Pictures.decode(file.path(), shape);
      boolean room = used.get() + bytes.length <= memory;
      if (room) {
        used.addAndGet(bytes.length);
      }
      file.keep(bytes, room);
    }
    return bytes;
  }
}
