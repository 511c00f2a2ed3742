package org.modelc.runtime;

import java.lang.reflect.Array;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.ClassLabels;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.spec.DType;

/** Columns as the arrays that programs take, each value checked. */
final class ColumnArrays {
  private ColumnArrays() {}

  /**
   * A column's values as elements of an input.
   *
   * @param labels class names in index order, if the column is a category; else null
   */
  static Object of(ColumnBatch batch, RowInputs.Input input, List<String> labels) {
    Column column = batch.column(input.name());
    if (column.rowSize() != input.rowSize()) {
      throw new DataException(
          "column `"
              + column
              + "` has "
              + column.rowSize()
              + " elements a row, the model takes "
              + input.rowSize(),
          "");
    }
    Object values = batch.values(input.name());
    if (labels != null && input.dtype().isInteger()) {
      return indices(input, ClassLabels.of(batch, input.name()), labels);
    }
    if (column.type() == ColumnType.TEXT) {
      throw new DataException(
          "column `" + input.name() + "` holds text, the model takes " + input.dtype(),
          "compare it with a text (`== \"yes\"`), or take it in as a category");
    }
    return column.dtype() == input.dtype() ? values : numbers(input, values);
  }

  private static Object indices(RowInputs.Input input, String[] texts, List<String> labels) {
    Map<String, Integer> known = new HashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      known.put(labels.get(i), i);
    }
    Object array = Tensor.newArray(input.dtype(), texts.length);
    for (int row = 0; row < texts.length; row++) {
      Integer index = known.get(texts[row]);
      if (index == null) {
        throw new DataException(
            "column `"
                + input.name()
                + "` has `"
                + texts[row]
                + "` in row "
                + (row + 1)
                + ", a class that no training row has",
            NearestName.hint(String.valueOf(texts[row]), labels));
      }
      set(input.dtype(), array, row, index);
    }
    return array;
  }

  private static Object numbers(RowInputs.Input input, Object values) {
    int size = Array.getLength(values);
    Object array = Tensor.newArray(input.dtype(), size);
    for (int i = 0; i < size; i++) {
      double value = Array.getDouble(values, i);
      check(input, i, value);
      set(input.dtype(), array, i, value);
    }
    return array;
  }

  /** Elements of a transform's result as another type than f32. */
  static Object narrowed(float[] values, RowInputs.Input input) {
    return numbers(input, values);
  }

  private static void check(RowInputs.Input input, int element, double value) {
    if (!fits(input.dtype(), value)) {
      String what = Double.isNaN(value) ? "no value" : "the value " + value;
      throw new DataException(
          "column `"
              + input.name()
              + "` has "
              + what
              + " in row "
              + (element / input.rowSize() + 1)
              + ", the model takes "
              + input.dtype(),
          Double.isNaN(value) ? "drop the rows without it, or impute it" : "");
    }
  }

  private static boolean fits(DType dtype, double value) {
    if (dtype.isFloating()) {
      return !Double.isNaN(value);
    }
    if (dtype == DType.BOOL) {
      return value == 0 || value == 1;
    }
    // No double tells whole numbers of more bits than 53 apart.
    double end = dtype == DType.I64 ? 0x1p53 : Math.scalb(1.0, 8 * dtype.bytes() - 1);
    return value == Math.rint(value) && Math.abs(value) < end;
  }

  private static void set(DType dtype, Object array, int index, double value) {
    if (array instanceof float[]) {
      ((float[]) array)[index] = (float) value;
    } else if (array instanceof double[]) {
      ((double[]) array)[index] = value;
    } else if (array instanceof int[]) {
      ((int[]) array)[index] = (int) value;
    } else if (array instanceof long[]) {
      ((long[]) array)[index] = (long) value;
    } else if (array instanceof byte[]) {
      ((byte[]) array)[index] = (byte) value;
    } else {
      ((short[]) array)[index] = HalfFloat.bits(dtype, (float) value);
    }
  }
}
