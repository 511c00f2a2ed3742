package org.modelc.runtime.data;

/** What the values of a column are, and so the array that carries them in a {@link ColumnBatch}. */
public enum ColumnType {
  /** {@code double[]}; a missing value is NaN. */
  NUMBER("number"),
  /** {@code String[]}; a missing value is null. */
  TEXT("text"),
  /** {@code double[]} of 0 and 1; a missing value is NaN. */
  BOOL("bool"),
  /**
   * A tensor a row, rows one after another in one primitive array of the column's dtype: {@code
   * float[]}, {@code double[]}, {@code int[]}, {@code long[]}, {@code byte[]}; never missing.
   */
  TENSOR("tensor");

  private final String text;

  ColumnType(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
