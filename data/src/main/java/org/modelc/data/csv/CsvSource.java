package org.modelc.data.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.data.HeldRows;
import org.modelc.data.Readers;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.ArrayDataset;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec.SourceSpec;

/**
 * {@code csv("credit.csv", separator: ";", missing: ["?"], text: ["Zip"], header: true, memory:
 * 512)}.
 *
 * <p>Rows that would take more than {@code memory} megabytes ({@value HeldRows#MEGABYTES}, unless
 * given) stay on disk, where they are found by an index of their places; the index takes about 3
 * bytes a row.
 */
public final class CsvSource implements Readers.Reader {
  /** Texts kept to share equal ones; beyond, a column hardly holds categories. */
  private static final int SHARED_TEXTS = 10_000;

  @Override
  public List<String> paths() {
    return List.of("path");
  }

  @Override
  public Set<String> options() {
    return Set.of("separator", "header", "missing", "text", "memory");
  }

  @Override
  public Dataset open(SourceSpec source, Path base, List<String> warnings) {
    String name = source.paths().get("path");
    if (name == null) {
      throw new DataException("csv has no file", "write csv(\"rows.csv\")");
    }
    Path path = SourceFiles.file(base, name);
    CsvFormat format = CsvFormat.of(source.options());
    long memory = HeldRows.most(source.options());
    CsvSketch sketch = CsvSketch.of(path, format);
    return sketch.bytes() <= memory
        ? load(path, format, sketch)
        : new PagedCsv(path, format, sketch);
  }

  /**
   * Reads a small file whole.
   *
   * @throws DataException as {@link #open}
   */
  public static Dataset load(Path path) {
    CsvFormat format = CsvFormat.of(Map.of());
    return load(path, format, CsvSketch.of(path, format));
  }

  private static Dataset load(Path path, CsvFormat format, CsvSketch sketch) {
    List<Column> columns = sketch.columns();
    Object[] arrays = new Object[columns.size()];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = columns.get(i).newArray(sketch.rows());
    }
    Map<String, String> shared = new HashMap<>();
    try (CsvRows rows = new CsvRows(path, format)) {
      for (int row = 0; row < sketch.rows(); row++) {
        CsvRecord fields = rows.next();
        if (fields == null) {
          throw new DataException(path + " became shorter while it was read", "");
        }
        for (int i = 0; i < arrays.length; i++) {
          boolean text = columns.get(i).type() == ColumnType.TEXT;
          String field = text ? share(shared, fields.getField(i)) : fields.getField(i);
          CsvCells.store(format, columns.get(i), field, arrays[i], row);
        }
      }
    }
    return ArrayDataset.of(new ColumnBatch(sketch.rows(), columns, arrays));
  }

  private static String share(Map<String, String> shared, String text) {
    if (shared.size() >= SHARED_TEXTS) {
      return shared.getOrDefault(text, text);
    }
    String known = shared.putIfAbsent(text, text);
    return known == null ? text : known;
  }
}
