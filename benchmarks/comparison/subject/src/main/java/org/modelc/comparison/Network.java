package org.modelc.comparison;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A classifier's dense layers with ReLU between them, as engines that need a model file of their
 * own are given it.
 *
 * @param widths inputs, hidden units of each layer, outputs
 * @param weights of each layer {@code [in, out]}, row-major
 * @param biases of each layer
 */
public record Network(int[] widths, float[][] weights, float[][] biases) {
  /** Reads the number of layers; then of each its inputs, its outputs, its weights, its biases. */
  static Network read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      int layers = in.readInt();
      int[] widths = new int[layers + 1];
      float[][] weights = new float[layers][];
      float[][] biases = new float[layers][];
      for (int i = 0; i < layers; i++) {
        widths[i] = in.readInt();
        widths[i + 1] = in.readInt();
        weights[i] = floats(in, widths[i] * widths[i + 1]);
        biases[i] = floats(in, widths[i + 1]);
      }
      return new Network(widths, weights, biases);
    }
  }

  private static float[] floats(DataInputStream in, int count) throws IOException {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }

  /** The number of layers. */
  public int layers() {
    return weights.length;
  }

  /** Whether ReLU follows a layer. */
  public boolean isHidden(int layer) {
    return layer + 1 < layers();
  }

  /** A layer's weights {@code [out, in]}. */
  public float[] transposed(int layer) {
    int rows = widths[layer];
    int columns = widths[layer + 1];
    float[] turned = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = weights[layer][row * columns + column];
      }
    }
    return turned;
  }
}
