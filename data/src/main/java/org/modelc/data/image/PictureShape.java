package org.modelc.data.image;

import java.util.List;
import org.modelc.runtime.data.DataException;

/**
 * What pictures are decoded to.
 *
 * @param channels 1 for grey, 3 for red, green, blue
 */
public record PictureShape(int channels, int height, int width, Resize resize) {
  private static final int MOST_PIXELS = 1 << 24;

  /** Checks the sizes. */
  public PictureShape {
    if (channels != 1 && channels != 3) {
      throw new DataException(
          "pictures of " + channels + " channels", "1 for grey, 3 for red, green and blue");
    }
    if (height < 1 || width < 1 || (long) height * width > MOST_PIXELS) {
      throw new DataException("pictures of " + height + " × " + width + " pixels", "");
    }
  }

  /** The shape of a row's tensor. */
  public List<Integer> dims() {
    return List.of(channels, height, width);
  }

  /** Bytes of one decoded picture. */
  public int bytes() {
    return channels * height * width;
  }
}
