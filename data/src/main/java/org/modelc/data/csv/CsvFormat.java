package org.modelc.data.csv;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.transform.Options;

/**
 * How a CSV file is written.
 *
 * @param separator between fields
 * @param header whether the first row names the columns; else they are {@code column_1}, …
 * @param missing fields that mean there is no value; the empty field always does
 * @param textColumns columns that hold text though all their fields are numbers (post codes)
 */
record CsvFormat(char separator, boolean header, Set<String> missing, Set<String> textColumns) {
  private static final List<String> MISSING = List.of("NA", "N/A", "NaN", "nan", "null", "NULL");

  static CsvFormat of(Map<String, Object> options) {
    String separator = Options.text(options, "separator", ",");
    if (separator.length() != 1) {
      throw new DataException(
          "the separator \"" + separator + "\" is not one character", "say separator: \";\"");
    }
    List<String> missing = Options.texts(options, "missing");
    List<String> texts = Options.texts(options, "text");
    return new CsvFormat(
        separator.charAt(0),
        Options.bool(options, "header", true),
        new HashSet<>(missing == null ? MISSING : missing),
        new HashSet<>(texts == null ? List.of() : texts));
  }

  boolean isMissing(String field) {
    return field.isEmpty() || missing.contains(field);
  }
}
