package org.modelc.data.image;

/** Brings one channel into a shape by its way to resize. */
final class Placement {
  private Placement() {}

  /** The channel in the wanted size, row-major. */
  static float[] place(float[] plane, int width, int height, PictureShape shape) {
    if (width == shape.width() && height == shape.height()) {
      return plane;
    }
    return switch (shape.resize()) {
      case STRETCH ->
          Resampling.scale(
              plane,
              width,
              height,
              new double[] {0, 0, width, height},
              shape.width(),
              shape.height());
      case COVER -> cover(plane, width, height, shape);
      case FIT -> fit(plane, width, height, shape);
    };
  }

  private static float[] cover(float[] plane, int width, int height, PictureShape shape) {
    double factor = Math.min((double) width / shape.width(), (double) height / shape.height());
    double taken = factor * shape.width();
    double takenHeight = factor * shape.height();
    double[] window = {(width - taken) / 2, (height - takenHeight) / 2, taken, takenHeight};
    return Resampling.scale(plane, width, height, window, shape.width(), shape.height());
  }

  private static float[] fit(float[] plane, int width, int height, PictureShape shape) {
    double factor = Math.max((double) width / shape.width(), (double) height / shape.height());
    int across = (int) Math.max(1, Math.min(shape.width(), Math.round(width / factor)));
    int down = (int) Math.max(1, Math.min(shape.height(), Math.round(height / factor)));
    float[] small =
        Resampling.scale(plane, width, height, new double[] {0, 0, width, height}, across, down);
    float[] placed = new float[shape.width() * shape.height()];
    int left = (shape.width() - across) / 2;
    int top = (shape.height() - down) / 2;
    for (int y = 0; y < down; y++) {
      System.arraycopy(small, y * across, placed, (top + y) * shape.width() + left, across);
    }
    return placed;
  }
}
