package org.modelc.data.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.data.RawInput;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;

/** Rows for a prediction from a JSON file. */
public final class JsonInput {
  private static final long LARGEST = 1L << 28;

  private JsonInput() {}

  /**
   * One object is one case; an array of objects is a list of cases. A null, or a key that only some
   * of the objects have, is a missing value.
   */
  public static RawInput read(Path path, RawInput.RawColumns columns) {
    JsonNode root = JsonLinesSource.parse(bytes(path), path + ": ");
    List<JsonNode> rows = new ArrayList<>();
    if (root.isArray()) {
      root.forEach(rows::add);
    } else {
      rows.add(root);
    }
    if (rows.isEmpty()) {
      throw new DataException(path + " has no rows", "write an object, or an array of objects");
    }
    return new RawInput(batch(path, rows, columns), !root.isArray());
  }

  /** One object a line. */
  public static RawInput readLines(Path path, RawInput.RawColumns columns) {
    Dataset data = new JsonLinesDataset(path);
    columns.check(path, data.names());
    return new RawInput(data.readAll(columns.names()), false);
  }

  private static byte[] bytes(Path path) {
    try {
      if (Files.size(path) > LARGEST) {
        throw new DataException(
            path + " has " + Files.size(path) + " bytes", "give many rows as .jsonl or .csv");
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw SourceFiles.unreadable(path, e);
    }
  }

  private static ColumnBatch batch(Path path, List<JsonNode> rows, RawInput.RawColumns columns) {
    Set<String> present = new LinkedHashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).isObject()) {
        throw new DataException(
            place(path, rows, i) + "an object is wanted, such as {\"age\": 31}", "");
      }
      rows.get(i).fieldNames().forEachRemaining(present::add);
    }
    columns.check(path, new ArrayList<>(present));
    List<Column> found = new ArrayList<>();
    Object[] arrays = new Object[columns.names().size()];
    for (int i = 0; i < arrays.length; i++) {
      Column column = column(path, rows, columns.names().get(i));
      found.add(column);
      arrays[i] = column.newArray(rows.size());
      for (int row = 0; row < rows.size(); row++) {
        JsonNode value = rows.get(row).get(column.name());
        JsonCells.store(column, value, arrays[i], row, place(path, rows, row));
      }
    }
    return new ColumnBatch(rows.size(), found, arrays);
  }

  private static Column column(Path path, List<JsonNode> rows, String name) {
    Column column = null;
    for (int row = 0; row < rows.size(); row++) {
      String place = place(path, rows, row);
      Column next = JsonCells.column(name, rows.get(row).get(name), place);
      column = JsonCells.merge(column, next, place);
    }
    return column == null ? Column.number(name) : column;
  }

  private static String place(Path path, List<JsonNode> rows, int row) {
    return rows.size() == 1 ? path + ": " : path + ": row " + (row + 1) + ": ";
  }
}
