package org.modelc.data.idx;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.DataException;

/**
 * An IDX file: two zero bytes, an element type, the number of axes, their sizes as big-endian
 * 32-bit numbers, and the elements (Y. LeCun, "The MNIST database of handwritten digits").
 *
 * @param path where it was read from
 * @param element the type of the elements
 * @param shape the sizes, at least one; the first counts rows
 * @param rows the elements as in the file
 */
record IdxFile(Path path, IdxElement element, List<Integer> shape, IdxRows rows) {
  private static final int MOST_AXES = 8;
  private static final int CHUNK = 1 << 20;

  /**
   * Reads a file, gzipped or not. Memory and disk are taken as bytes arrive, never on the word of
   * the header.
   *
   * @param memory the most bytes of elements to hold in memory; more stay on disk, those of a
   *     gzipped file in a temporary one
   * @throws DataException if the file is no IDX file, truncated, or too long
   */
  static IdxFile read(Path path, long memory) {
    try (InputStream in = stream(path)) {
      return read(path, in, memory);
    } catch (EOFException | ZipException e) {
      throw new DataException(
          path
              + " is damaged: the compressed data are broken or end early ("
              + e.getMessage()
              + ")",
          "fetch or copy the file again",
          e);
    } catch (IOException e) {
      throw SourceFiles.unreadable(path, e);
    }
  }

  private static InputStream stream(Path path) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    in.mark(2);
    boolean zipped = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return zipped ? new GZIPInputStream(in, 1 << 16) : in;
  }

  private static IdxFile read(Path path, InputStream in, long memory) throws IOException {
    byte[] magic = in.readNBytes(4);
    if (magic.length < 4) {
      throw new DataException(
          path + " has " + magic.length + " bytes, an IDX file begins with 4", "");
    }
    IdxElement element = magic[0] == 0 && magic[1] == 0 ? IdxElement.of(magic[2] & 0xff) : null;
    int axes = magic[3] & 0xff;
    if (element == null || axes < 1 || axes > MOST_AXES) {
      throw new DataException(
          String.format(
              "%s is no IDX file: it begins with the bytes %02x %02x %02x %02x",
              path, magic[0], magic[1], magic[2], magic[3]),
          "IDX files begin with 00 00, a type from 08 to 0e and the number of axes");
    }
    List<Integer> shape = shape(path, in, axes);
    int width = width(path, element, shape);
    long expected = (long) width * shape.get(0);
    if (expected == 0) {
      throw new DataException(path + " has no elements, its shape is " + shape, "");
    }
    IdxRows rows =
        expected <= Math.min(memory, Integer.MAX_VALUE - 64)
            ? new IdxRows.InMemory(payload(path, in, expected), width)
            : onDisk(path, in, 4L + 4L * axes, expected, width);
    return new IdxFile(path, element, shape, rows);
  }

  private static List<Integer> shape(Path path, InputStream in, int axes) throws IOException {
    byte[] sizes = in.readNBytes(4 * axes);
    if (sizes.length < 4 * axes) {
      throw new DataException(path + " ends inside its header", "fetch or copy the file again");
    }
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      int size = ByteBuffer.wrap(sizes).getInt(4 * i);
      if (size < 0) {
        throw new DataException(
            path + " is damaged: axis " + (i + 1) + " has the size " + (size & 0xffffffffL), "");
      }
      shape.add(size);
    }
    return shape;
  }

  /** The bytes of one row. */
  private static int width(Path path, IdxElement element, List<Integer> shape) {
    long width = element.bytes();
    for (int size : shape.subList(1, shape.size())) {
      width *= size;
      if (width > Integer.MAX_VALUE - 64) {
        throw new DataException(
            path + " has the shape " + shape + ", one row of which does not fit in memory",
            "damaged files often show so");
      }
    }
    return (int) width;
  }

  private static IdxRows onDisk(Path path, InputStream in, long start, long expected, int width)
      throws IOException {
    if (in instanceof GZIPInputStream) {
      Path unpacked = Files.createTempFile("modelc-idx-", ".bin");
      unpacked.toFile().deleteOnExit();
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unpacked), 1 << 16)) {
        copy(path, in, expected, out);
      }
      return IdxRows.OnDisk.of(unpacked, 0, width);
    }
    long found = Files.size(path) - start;
    if (found < expected) {
      throw truncated(path, expected, found);
    }
    if (found > expected) {
      throw tooLong(path, expected);
    }
    return IdxRows.OnDisk.of(path, start, width);
  }

  private static byte[] payload(Path path, InputStream in, long expected) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) Math.min(expected, CHUNK));
    copy(path, in, expected, bytes);
    return bytes.toByteArray();
  }

  private static void copy(Path path, InputStream in, long expected, OutputStream out)
      throws IOException {
    byte[] chunk = new byte[(int) Math.min(expected, CHUNK)];
    long copied = 0;
    while (copied < expected) {
      int read = in.read(chunk, 0, (int) Math.min(chunk.length, expected - copied));
      if (read < 0) {
        throw truncated(path, expected, copied);
      }
      out.write(chunk, 0, read);
      copied += read;
    }
    if (in.read() >= 0) {
      throw tooLong(path, expected);
    }
  }

  private static DataException truncated(Path path, long expected, long found) {
    return new DataException(
        path
            + " is truncated: its header promises "
            + expected
            + " bytes of elements, it has "
            + found,
        "fetch or copy the file again");
  }

  private static DataException tooLong(Path path, long expected) {
    return new DataException(
        path + " is longer than its header says: more than " + expected + " bytes of elements",
        "the header is damaged, or the file is two files joined");
  }
}
