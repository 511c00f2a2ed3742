package org.modelc.data.idx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;

/**
 * Columns of IDX files, in memory or on disk, in the files' own element type. A file of one axis is
 * a number column; of three axes, images [1, height, width]; of four with 1, 3 or 4 as the last,
 * images with their channels put first; else tensors of its shape.
 */
final class IdxDataset implements Dataset {
  private final int rows;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  IdxDataset(Map<String, IdxFile> files) {
    this.rows = files.values().iterator().next().shape().get(0);
    for (Map.Entry<String, IdxFile> file : files.entrySet()) {
      parts.put(file.getKey(), new Part(file.getKey(), file.getValue()));
    }
  }

  @Override
  public List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (Part part : parts.values()) {
      columns.add(part.column);
    }
    return columns;
  }

  @Override
  public int size() {
    return rows;
  }

  @Override
  public ColumnBatch read(int[] wanted, List<String> names) {
    List<Column> columns = new ArrayList<>();
    Object[] arrays = new Object[names.size()];
    for (int i = 0; i < arrays.length; i++) {
      Column column = column(names.get(i));
      columns.add(column);
      arrays[i] = parts.get(column.name()).read(wanted);
    }
    return new ColumnBatch(wanted.length, columns, arrays);
  }

  /** One file as a column. */
  private static final class Part {
    private final IdxFile file;
    private final Column column;
    private final int channels;

    Part(String name, IdxFile file) {
      this.file = file;
      List<Integer> row = file.shape().subList(1, file.shape().size());
      int last = row.isEmpty() ? 0 : row.get(row.size() - 1);
      boolean channelsLast = row.size() == 3 && (last == 1 || last == 3 || last == 4);
      this.channels = channelsLast ? last : 1;
      this.column = column(name, row, channelsLast);
    }

    private static Column column(String name, List<Integer> row, boolean channelsLast) {
      if (row.isEmpty()) {
        return Column.number(name);
      }
      if (row.size() == 2) {
        return Column.tensor(name, DType.F32, List.of(1, row.get(0), row.get(1)));
      }
      return Column.tensor(
          name, DType.F32, channelsLast ? List.of(row.get(2), row.get(0), row.get(1)) : row);
    }

    Object read(int[] rows) {
      if (column.type() == ColumnType.NUMBER) {
        double[] numbers = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
          numbers[i] = file.element().get(file.rows().row(rows[i]), 0);
        }
        return numbers;
      }
      int width = column.rowSize();
      float[] tensors = new float[Math.multiplyExact(rows.length, width)];
      for (int i = 0; i < rows.length; i++) {
        copy(file.rows().row(rows[i]), tensors, i * width, width);
      }
      return tensors;
    }

    /** Copies one row, moving channels from the last place to the first. */
    private void copy(ByteBuffer elements, float[] tensors, int to, int width) {
      int pixels = width / channels;
      for (int pixel = 0; pixel < pixels; pixel++) {
        for (int channel = 0; channel < channels; channel++) {
          tensors[to + channel * pixels + pixel] =
              (float) file.element().get(elements, pixel * channels + channel);
        }
      }
    }
  }

  /**
   * Checks that the files have as many rows as each other.
   *
   * @throws DataException if they have not, or have none
   */
  static void check(Map<String, IdxFile> files) {
    IdxFile first = null;
    for (IdxFile file : files.values()) {
      first = first == null ? file : first;
      if (!file.shape().get(0).equals(first.shape().get(0))) {
        throw new DataException(
            first.path()
                + " has "
                + first.shape().get(0)
                + " rows, "
                + file.path()
                + " has "
                + file.shape().get(0),
            "the files of one source go together row by row");
      }
    }
  }
}
