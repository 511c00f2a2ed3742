package org.modelc.runtime.transform;

import java.util.List;
import org.modelc.runtime.data.DataException;

/**
 * What a transform takes and gives: a tensor a row, of numbers or of texts.
 *
 * <p>Numbers are doubles so that statistics and scaling round once, at the end. The arrays are
 * row-major and belong to the holder.
 */
public final class Features {
  private final int rows;
  private final List<Integer> shape;
  private final double[] numbers;
  private final String[] texts;

  private Features(int rows, List<Integer> shape, double[] numbers, String[] texts) {
    this.rows = rows;
    this.shape = shape;
    this.numbers = numbers;
    this.texts = texts;
  }

  /** Numbers; a missing one is NaN. */
  public static Features ofNumbers(int rows, List<Integer> shape, double[] numbers) {
    return new Features(rows, shape, numbers, null);
  }

  /** Texts; a missing one is null. */
  public static Features ofTexts(int rows, List<Integer> shape, String[] texts) {
    return new Features(rows, shape, null, texts);
  }

  public int rows() {
    return rows;
  }

  /** The shape of one row; empty for a scalar. */
  public List<Integer> shape() {
    return shape;
  }

  /** Elements of one row. */
  public int width() {
    return width(shape);
  }

  public boolean isText() {
    return texts != null;
  }

  /**
   * The numbers, row-major.
   *
   * @param kind the transform that wants them, for the message
   * @throws DataException if these are texts
   */
  public double[] numbers(String kind) {
    if (numbers == null) {
      throw new DataException(
          kind + " needs numbers, but its columns hold text",
          "one_hot(…) or ordinal(…) turns categories into numbers");
    }
    return numbers;
  }

  /** The texts, row-major; numbers are written canonically ({@link Categories#text}). */
  public String[] texts() {
    if (texts != null) {
      return texts;
    }
    String[] written = new String[numbers.length];
    for (int i = 0; i < written.length; i++) {
      written[i] = Categories.text(numbers[i]);
    }
    return written;
  }

  /** The product of dims. */
  static int width(List<Integer> shape) {
    int width = 1;
    for (int dim : shape) {
      width = Math.multiplyExact(width, dim);
    }
    return width;
  }
}
