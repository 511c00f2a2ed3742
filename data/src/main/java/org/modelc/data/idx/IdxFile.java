package org.modelc.data.idx;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
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
 * @param shape the sizes, at least one
 * @param bytes the elements as in the file
 */
record IdxFile(Path path, IdxElement element, List<Integer> shape, byte[] bytes) {
  private static final int MOST_AXES = 8;
  private static final int CHUNK = 1 << 20;

  /**
   * Reads a file, gzipped or not. Memory is taken as bytes arrive, never on the word of the header.
   *
   * @throws DataException if the file is no IDX file, too large, truncated, or too long
   */
  static IdxFile read(Path path) {
    try (InputStream in = stream(path)) {
      return read(path, in);
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

  private static IdxFile read(Path path, InputStream in) throws IOException {
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
    long expected = element.bytes() * product(path, shape);
    return new IdxFile(path, element, shape, payload(path, in, expected));
  }

  private static List<Integer> shape(Path path, InputStream in, int axes) throws IOException {
    byte[] sizes = in.readNBytes(4 * axes);
    if (sizes.length < 4 * axes) {
      throw new DataException(path + " ends inside its header", "fetch or copy the file again");
    }
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      int size = 0;
      for (int j = 0; j < 4; j++) {
        size = (size << 8) | (sizes[4 * i + j] & 0xff);
      }
      if (size < 0) {
        throw new DataException(
            path + " is damaged: axis " + (i + 1) + " has the size " + (size & 0xffffffffL), "");
      }
      shape.add(size);
    }
    return shape;
  }

  private static long product(Path path, List<Integer> shape) {
    long product = 1;
    for (int size : shape) {
      product = size == 0 ? 0 : Math.min(Long.MAX_VALUE / 64, product) * size;
      if (product > Integer.MAX_VALUE - 64 || product < 0) {
        throw new DataException(
            path + " has the shape " + shape + ", more elements than fit in memory",
            "damaged files often show so; real ones that large can be split in parts");
      }
    }
    return product;
  }

  private static byte[] payload(Path path, InputStream in, long expected) throws IOException {
    if (expected > Integer.MAX_VALUE - 64) {
      throw new DataException(path + " has " + expected + " bytes, more than fit in memory", "");
    }
    byte[] bytes = new byte[(int) Math.min(expected, CHUNK)];
    int filled = 0;
    while (filled < expected) {
      if (filled == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, (int) Math.min(expected, 2L * bytes.length));
      }
      int read = in.read(bytes, filled, bytes.length - filled);
      if (read < 0) {
        throw new DataException(
            path
                + " is truncated: its header promises "
                + expected
                + " bytes of elements, it has "
                + filled,
            "fetch or copy the file again");
      }
      filled += read;
    }
    if (in.read() >= 0) {
      throw new DataException(
          path + " is longer than its header says: more than " + expected + " bytes of elements",
          "the header is damaged, or the file is two files joined");
    }
    return bytes;
  }
}
