package org.modelc.runtime.train;

import java.lang.reflect.Array;
import java.util.List;
import org.modelc.runtime.RowInputs;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Dataset;

/**
 * The tensors of a dataset's rows. If they all fit into a budget, transforms run once; else each
 * batch is read and transformed when it is needed, so data larger than memory can be learned from.
 */
final class Examples {
  private static final int CHUNK = 1024;

  private final Dataset data;
  private final RowInputs inputs;
  private final Object[] cached;

  /**
   * The examples of a dataset.
   *
   * @param budget bytes that the tensors of all rows may take
   */
  Examples(Dataset data, RowInputs inputs, long budget) {
    this.data = data;
    this.inputs = inputs;
    this.cached = bytes() <= budget ? readAll() : null;
  }

  private long bytes() {
    long row = 0;
    for (RowInputs.Input input : inputs.inputs()) {
      row += (long) input.rowSize() * input.dtype().bytes();
    }
    return row * data.size();
  }

  private Object[] readAll() {
    Object[] all = newArrays(data.size());
    for (int from = 0; from < data.size(); from += CHUNK) {
      int to = Math.min(data.size(), from + CHUNK);
      Object[] part = inputs.of(data.read(Dataset.range(from, to), inputs.columns()));
      for (int i = 0; i < all.length; i++) {
        int rowSize = inputs.inputs().get(i).rowSize();
        System.arraycopy(part[i], 0, all[i], from * rowSize, (to - from) * rowSize);
      }
    }
    return all;
  }

  int size() {
    return data.size();
  }

  /** Whether reading a batch is a matter of copying. */
  boolean inMemory() {
    return cached != null;
  }

  List<RowInputs.Input> inputs() {
    return inputs.inputs();
  }

  /** Arrays for so many rows, one an input. */
  Object[] newArrays(int rows) {
    Object[] arrays = new Object[inputs.inputs().size()];
    for (int i = 0; i < arrays.length; i++) {
      RowInputs.Input input = inputs.inputs().get(i);
      arrays[i] = Tensor.newArray(input.dtype(), Math.multiplyExact(rows, input.rowSize()));
    }
    return arrays;
  }

  /** Fills arrays with the tensors of rows. */
  void read(int[] rows, Object[] arrays) {
    Object[] source = cached;
    if (source == null) {
      source = inputs.of(data.read(rows, inputs.columns()));
    }
    for (int i = 0; i < arrays.length; i++) {
      int size = inputs.inputs().get(i).rowSize();
      for (int j = 0; j < rows.length; j++) {
        int from = cached == null ? j : rows[j];
        System.arraycopy(source[i], from * size, arrays[i], j * size, size);
      }
    }
  }

  /** The values of one input in all rows as doubles; a row may have several. */
  double[] column(int input) {
    int rowSize = inputs.inputs().get(input).rowSize();
    double[] values = new double[Math.multiplyExact(size(), rowSize)];
    Object[] arrays = newArrays(CHUNK);
    for (int from = 0; from < size(); from += CHUNK) {
      int[] rows = Dataset.range(from, Math.min(size(), from + CHUNK));
      read(rows, arrays);
      for (int i = 0; i < rows.length * rowSize; i++) {
        values[from * rowSize + i] = Array.getDouble(arrays[input], i);
      }
    }
    return values;
  }
}
