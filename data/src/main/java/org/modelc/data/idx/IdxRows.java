package org.modelc.data.idx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.modelc.data.SourceFiles;

/** The elements of an IDX file by row, as in the file. */
sealed interface IdxRows {
  /** The bytes of one row, from position 0. */
  ByteBuffer row(int row);

  /** All rows in memory. */
  record InMemory(byte[] bytes, int width) implements IdxRows {
    @Override
    public ByteBuffer row(int row) {
      return ByteBuffer.wrap(bytes, row * width, width).slice();
    }
  }

  /**
   * Rows that stay in a file, which must not change while they are read.
   *
   * @param start where the first row begins
   * @param width the bytes of a row
   */
  record OnDisk(Path file, FileChannel channel, long start, int width) implements IdxRows {
    static OnDisk of(Path file, long start, int width) throws IOException {
      return new OnDisk(file, FileChannel.open(file, StandardOpenOption.READ), start, width);
    }

    @Override
    public ByteBuffer row(int row) {
      ByteBuffer bytes = ByteBuffer.allocate(width);
      try {
        while (bytes.hasRemaining()) {
          int read = channel.read(bytes, start + (long) row * width + bytes.position());
          if (read < 0) {
            throw new IOException("it has become shorter since it was opened");
          }
        }
      } catch (IOException e) {
        throw SourceFiles.unreadable(file, e);
      }
      return bytes.flip();
    }
  }
}
