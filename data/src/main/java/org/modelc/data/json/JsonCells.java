package org.modelc.data.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.DType;

/** JSON values as cells: numbers, texts, bools, nested arrays of numbers as tensors. */
final class JsonCells {
  private JsonCells() {}

  /**
   * The column that a value would fit.
   *
   * @return null for a missing value
   * @throws DataException if it is an object, or an array that is no tensor
   */
  static Column column(String name, JsonNode value, String place) {
    if (isMissing(value)) {
      return null;
    }
    if (value.isNumber()) {
      return Column.number(name);
    }
    if (value.isTextual()) {
      return Column.text(name);
    }
    if (value.isBoolean()) {
      return Column.bool(name);
    }
    if (!value.isArray()) {
      throw new DataException(
          place + "`" + name + "` is an object", "a value is a number, a text, a bool or an array");
    }
    List<Integer> shape = new ArrayList<>();
    for (JsonNode inner = value; inner != null && inner.isArray(); inner = inner.get(0)) {
      shape.add(inner.size());
    }
    return Column.tensor(name, DType.F32, shape);
  }

  static boolean isMissing(JsonNode value) {
    return value == null || value.isNull() || value.isMissingNode();
  }

  /** Puts a value into a row of a column's array. */
  static void store(Column column, JsonNode value, Object array, int row, String place) {
    boolean missing = isMissing(value);
    switch (column.type()) {
      case NUMBER -> {
        require(missing || value.isNumber(), column, value, place);
        ((double[]) array)[row] = missing ? Double.NaN : value.doubleValue();
      }
      case TEXT -> ((String[]) array)[row] = missing ? null : value.asText();
      case BOOL -> {
        require(missing || value.isBoolean(), column, value, place);
        ((double[]) array)[row] = missing ? Double.NaN : value.booleanValue() ? 1 : 0;
      }
      case TENSOR -> {
        require(!missing, column, value, place);
        fill(column, value, 0, (float[]) array, row * column.rowSize(), column.rowSize(), place);
      }
    }
  }

  private static void fill(
      Column column, JsonNode value, int axis, float[] array, int at, int size, String place) {
    if (axis == column.shape().size()) {
      require(value.isNumber(), column, value, place);
      array[at] = value.floatValue();
      return;
    }
    int parts = column.shape().get(axis);
    require(value.isArray() && value.size() == parts, column, value, place);
    for (int i = 0; i < parts; i++) {
      fill(column, value.get(i), axis + 1, array, at + i * (size / parts), size / parts, place);
    }
  }

  private static void require(boolean fits, Column column, JsonNode value, String place) {
    if (!fits) {
      String text = JsonCells.isMissing(value) ? "nothing" : value.toString();
      String wanted =
          column.type() == ColumnType.TENSOR
              ? "an array of numbers of shape " + column.shape()
              : "a " + column.type();
      throw new DataException(
          place
              + "`"
              + column.name()
              + "` is "
              + (text.length() > 60 ? text.substring(0, 60) + "…" : text),
          "it must be " + wanted);
    }
  }

  /** One column that fits the values of two: numbers beside texts are texts. */
  static Column merge(Column one, Column other, String place) {
    if (one == null || other == null || one.equals(other)) {
      return one == null ? other : one;
    }
    if (one.type() == ColumnType.TENSOR || other.type() == ColumnType.TENSOR) {
      throw new DataException(
          place + "`" + one.name() + "` is " + other + ", in rows before " + one,
          "a column's arrays all have one shape");
    }
    return Column.text(one.name());
  }
}
