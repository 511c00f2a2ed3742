package org.modelc.data.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.transform.NumberText;

/**
 * What one pass over a whole CSV file tells: its columns with their types, and how many rows. A
 * column holds numbers if all its fields that have a value are numbers; one without any value does
 * too.
 *
 * @param bytes about how much memory the rows would take
 */
record CsvSketch(List<Column> columns, int rows, long bytes) {
  /** What an object of a short text costs beside its characters. */
  private static final int TEXT_OVERHEAD = 56;

  static CsvSketch of(Path path, CsvFormat format) {
    try (CsvRows rows = new CsvRows(path, format)) {
      List<String> names = rows.names();
      checkTextColumns(path, format, names);
      boolean[] numbers = new boolean[names.size()];
      Arrays.fill(numbers, true);
      long[] characters = new long[names.size()];
      int count = 0;
      for (CsvRecord row = rows.next(); row != null; row = rows.next()) {
        look(row, format, numbers, characters);
        count = Math.addExact(count, 1);
      }
      if (count == 0) {
        throw new DataException(path + " has a first line but no rows after it", "");
      }
      return sketch(names, format, numbers, characters, count);
    }
  }

  private static void checkTextColumns(Path path, CsvFormat format, List<String> names) {
    for (String name : new TreeSet<>(format.textColumns())) {
      if (!names.contains(name)) {
        throw new DataException(
            path + " has no column `" + name + "`", NearestName.hint(name, names));
      }
    }
  }

  private static void look(CsvRecord row, CsvFormat format, boolean[] numbers, long[] characters) {
    for (int i = 0; i < numbers.length; i++) {
      String field = row.getField(i);
      characters[i] += field.length();
      if (numbers[i] && !format.isMissing(field) && Double.isNaN(NumberText.parse(field))) {
        numbers[i] = false;
      }
    }
  }

  private static CsvSketch sketch(
      List<String> names, CsvFormat format, boolean[] numbers, long[] characters, int count) {
    List<Column> columns = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < numbers.length; i++) {
      boolean number = numbers[i] && !format.textColumns().contains(names.get(i));
      columns.add(number ? Column.number(names.get(i)) : Column.text(names.get(i)));
      bytes += number ? 8L * count : characters[i] + (long) TEXT_OVERHEAD * count;
    }
    return new CsvSketch(columns, count, bytes);
  }
}
