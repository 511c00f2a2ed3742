package org.modelc.data.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.IndexedCsvReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;

/**
 * Rows of a CSV file that stay on disk. A read parses the pages of {@value #PAGE} rows that hold
 * the rows asked for, each page once. Between opening and reading the file must not change.
 */
final class PagedCsv implements Dataset {
  private static final int PAGE = 16;

  private final Path path;
  private final CsvFormat format;
  private final CsvSketch sketch;
  private final IndexedCsvReader<CsvRecord> reader;
  private final int header;

  PagedCsv(Path path, CsvFormat format, CsvSketch sketch) {
    this.path = path;
    this.format = format;
    this.sketch = sketch;
    this.header = format.header() ? 1 : 0;
    try {
      this.reader =
          IndexedCsvReader.builder()
              .fieldSeparator(format.separator())
              .allowUnclosedQuote(false)
              .pageSize(PAGE)
              .ofCsvRecord(path);
    } catch (IOException e) {
      throw SourceFiles.unreadable(path, e);
    }
    long indexed = reader.getIndex().recordCount();
    if (indexed != sketch.rows() + header) {
      throw new DataException(
          path + " has blank lines between its rows, which a file read from disk by pages must not",
          "remove them, or give the source more memory: csv(…, memory: 4096) in megabytes");
    }
  }

  @Override
  public List<Column> columns() {
    return sketch.columns();
  }

  @Override
  public int size() {
    return sketch.rows();
  }

  @Override
  public ColumnBatch read(int[] rows, List<String> names) {
    List<Column> columns = new ArrayList<>();
    int[] positions = new int[names.size()];
    Object[] arrays = new Object[names.size()];
    for (int i = 0; i < arrays.length; i++) {
      Column column = column(names.get(i));
      columns.add(column);
      positions[i] = sketch.columns().indexOf(column);
      arrays[i] = column.newArray(rows.length);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingInt(i -> rows[i]));
    List<CsvRecord> page = List.of();
    int loaded = -1;
    for (int target : order) {
      int record = rows[target] + header;
      if (record / PAGE != loaded) {
        loaded = record / PAGE;
        page = page(loaded);
      }
      CsvRecord fields = page.get(record % PAGE);
      for (int i = 0; i < arrays.length; i++) {
        CsvCells.store(format, columns.get(i), fields.getField(positions[i]), arrays[i], target);
      }
    }
    return new ColumnBatch(rows.length, columns, arrays);
  }

  private List<CsvRecord> page(int number) {
    try {
      return reader.readPage(number);
    } catch (IOException e) {
      throw SourceFiles.unreadable(path, e);
    }
  }
}
