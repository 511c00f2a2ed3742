package org.modelc.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.DataException;

/** Decodes PNG and JPEG files (and what else the JDK reads) to bytes by channel. */
public final class Pictures {
  /** A header may promise any size; beyond this the file is refused before memory is taken. */
  private static final long MOST_PIXELS = 1L << 26;

  static {
    // Without this ImageIO writes a temporary file for each picture.
    ImageIO.setUseCache(false);
  }

  private Pictures() {}

  /**
   * A picture as bytes 0 to 255, [channels, height, width]. Grey is 0.299 red + 0.587 green + 0.114
   * blue; what is transparent is white.
   *
   * @throws DataException if the file is no picture, is damaged, or is too large
   */
  public static byte[] decode(Path path, PictureShape shape) {
    return scaled(image(path), shape);
  }

  /**
   * Whether the beginning of a file is that of a picture that can be read; its pixels are not
   * looked at.
   */
  static void checkHeader(Path path) {
    try (ImageInputStream in = stream(path)) {
      reader(path, in).dispose();
    } catch (IOException | RuntimeException e) {
      throw broken(path, e);
    }
  }

  private static BufferedImage image(Path path) {
    try (ImageInputStream in = stream(path)) {
      ImageReader reader = reader(path, in);
      try {
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      throw broken(path, e);
    }
  }

  private static ImageInputStream stream(Path path) throws IOException {
    return ImageIO.createImageInputStream(Files.newInputStream(path));
  }

  /** The JDK's decoders throw runtime exceptions of all kinds on damaged files. */
  private static DataException broken(Path path, Exception cause) {
    if (cause instanceof DataException) {
      return (DataException) cause;
    }
    if (!Files.isReadable(path) && cause instanceof IOException) {
      return SourceFiles.unreadable(path, (IOException) cause);
    }
    return new DataException(
        path + " is damaged: " + cause.getMessage(), "fetch or copy the file again", cause);
  }

  private static ImageReader reader(Path path, ImageInputStream in) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new DataException(path + " is no picture of a known format", "use PNG or JPEG");
    }
    ImageReader reader = readers.next();
    reader.setInput(in, true, true);
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > MOST_PIXELS || pixels <= 0) {
      throw new DataException(
          path + " has " + reader.getWidth(0) + " × " + reader.getHeight(0) + " pixels",
          "at most " + MOST_PIXELS + " pixels are read");
    }
    return reader;
  }

  private static byte[] scaled(BufferedImage image, PictureShape shape) {
    float[][] planes = planes(image, shape.channels());
    byte[] bytes = new byte[shape.bytes()];
    int size = shape.height() * shape.width();
    for (int channel = 0; channel < planes.length; channel++) {
      float[] plane = Placement.place(planes[channel], image.getWidth(), image.getHeight(), shape);
      for (int i = 0; i < size; i++) {
        bytes[channel * size + i] = (byte) Math.max(0, Math.min(255, Math.round(plane[i])));
      }
    }
    return bytes;
  }

  private static float[][] planes(BufferedImage image, int channels) {
    int width = image.getWidth();
    int height = image.getHeight();
    float[][] planes = new float[channels][width * height];
    if (isPlainGrey(image)) {
      // getRGB would take grey levels for linear light and change them.
      Raster raster = image.getRaster();
      float[] row = new float[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, 0, row);
        for (float[] plane : planes) {
          System.arraycopy(row, 0, plane, y * width, width);
        }
      }
      return planes;
    }
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        store(row[x], planes, y * width + x);
      }
    }
    return planes;
  }

  private static boolean isPlainGrey(BufferedImage image) {
    return image.getRaster().getNumBands() == 1
        && image.getRaster().getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE
        && !(image.getColorModel() instanceof IndexColorModel);
  }

  private static void store(int argb, float[][] planes, int at) {
    float opaque = (argb >>> 24) / 255f;
    float red = (argb >> 16 & 255) * opaque + 255 * (1 - opaque);
    float green = (argb >> 8 & 255) * opaque + 255 * (1 - opaque);
    float blue = (argb & 255) * opaque + 255 * (1 - opaque);
    if (planes.length == 1) {
      planes[0][at] = 0.299f * red + 0.587f * green + 0.114f * blue;
    } else {
      planes[0][at] = red;
      planes[1][at] = green;
      planes[2][at] = blue;
    }
  }
}
