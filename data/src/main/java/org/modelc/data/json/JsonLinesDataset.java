package org.modelc.data.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;

/** Rows of a JSON-lines file, found by the places of their lines. */
final class JsonLinesDataset implements Dataset {
  private static final int LONGEST_LINE = 1 << 26;

  private final Path path;
  private final List<Column> columns = new ArrayList<>();
  private final FileChannel channel;

  /** Where each row begins, and at the next index one beyond its last byte's line end. */
  private long[] starts = new long[1024];

  private int[] lengths = new int[1024];
  private int[] lines = new int[1024];
  private int size;

  JsonLinesDataset(Path path) {
    this.path = path;
    try {
      index();
      this.channel = FileChannel.open(path);
    } catch (IOException e) {
      throw SourceFiles.unreadable(path, e);
    }
    if (size == 0) {
      throw new DataException(path + " has no rows", "each line is one object");
    }
    inferColumns();
  }

  private void index() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] chunk = new byte[1 << 16];
      long at = 0;
      long start = 0;
      int line = 1;
      boolean blank = true;
      for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
        for (int i = 0; i < read; i++, at++) {
          if (chunk[i] == '\n') {
            add(start, at, line++, blank);
            start = at + 1;
            blank = true;
          } else {
            blank &= chunk[i] == ' ' || chunk[i] == '\r' || chunk[i] == '\t';
          }
        }
      }
      add(start, at, line, blank);
    }
  }

  private void add(long start, long end, int line, boolean blank) {
    if (blank) {
      return;
    }
    if (end - start > LONGEST_LINE) {
      throw new DataException(
          place(line) + "the line has " + (end - start) + " bytes", "each line is one row");
    }
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
      lines = Arrays.copyOf(lines, 2 * size);
    }
    starts[size] = start;
    lengths[size] = (int) (end - start);
    lines[size++] = line;
  }

  private void inferColumns() {
    Map<String, Column> found = new LinkedHashMap<>();
    for (int row = 0; row < size; row++) {
      JsonNode node = row(row);
      String place = place(lines[row]);
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        Column column = JsonCells.column(field.getKey(), field.getValue(), place);
        found.put(field.getKey(), JsonCells.merge(found.get(field.getKey()), column, place));
      }
    }
    for (Map.Entry<String, Column> entry : found.entrySet()) {
      columns.add(entry.getValue() == null ? Column.number(entry.getKey()) : entry.getValue());
    }
  }

  private String place(int line) {
    return path + ":" + line + ": ";
  }

  private JsonNode row(int row) {
    ByteBuffer bytes = ByteBuffer.allocate(lengths[row]);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, starts[row] + bytes.position()) < 0) {
          throw new DataException(path + " became shorter while it was read", "");
        }
      }
    } catch (IOException e) {
      throw SourceFiles.unreadable(path, e);
    }
    return JsonLinesSource.object(bytes.array(), place(lines[row]));
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public ColumnBatch read(int[] rows, List<String> names) {
    List<Column> wanted = new ArrayList<>();
    Object[] arrays = new Object[names.size()];
    for (int i = 0; i < arrays.length; i++) {
      wanted.add(column(names.get(i)));
      arrays[i] = wanted.get(i).newArray(rows.length);
    }
    for (int i = 0; i < rows.length; i++) {
      JsonNode node = row(rows[i]);
      for (int j = 0; j < arrays.length; j++) {
        Column column = wanted.get(j);
        JsonCells.store(column, node.get(column.name()), arrays[j], i, place(lines[rows[i]]));
      }
    }
    return new ColumnBatch(rows.length, wanted, arrays);
  }
}
