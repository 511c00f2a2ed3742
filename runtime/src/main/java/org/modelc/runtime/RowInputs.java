package org.modelc.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.transform.Transforms;

/**
 * Makes program inputs from raw columns: a name that is one of the model's inputs by its learned
 * transform, any other name from the column of that name.
 */
public final class RowInputs {
  /**
   * An input of which each row gives a part.
   *
   * @param rowSize elements of one row
   */
  public record Input(String name, DType dtype, int rowSize) {}

  private final List<Input> inputs;

  /** Null for a column that is taken as it is. */
  private final List<FittedTransform> transforms = new ArrayList<>();

  private final String[] columns;
  private final Map<String, List<String>> labels;

  /**
   * Prepares for some inputs.
   *
   * @throws ModelcException if a transform gives rows of another size than the input takes
   */
  public RowInputs(ModelManifest manifest, List<Input> inputs) {
    this.inputs = List.copyOf(inputs);
    this.labels = manifest.labels();
    Set<String> read = new LinkedHashSet<>();
    for (Input input : inputs) {
      FittedTransform transform = fitted(manifest, input);
      transforms.add(transform);
      if (transform == null) {
        read.add(input.name());
      } else {
        read.addAll(Transforms.columns(transform));
      }
    }
    this.columns = read.toArray(new String[0]);
  }

  private static FittedTransform fitted(ModelManifest manifest, Input input) {
    for (InputSpec spec : manifest.inputs()) {
      if (spec.name().equals(input.name())) {
        FittedTransform fitted = manifest.fitted().get(spec.name());
        long size = Tensor.size(fitted.shape());
        if (size != input.rowSize()) {
          throw new ModelcException(
              "input `"
                  + spec.name()
                  + "` has "
                  + size
                  + " elements a row, the program takes "
                  + input.rowSize());
        }
        return fitted;
      }
    }
    return null;
  }

  /** Most columns are as the program takes them; for others a process loads more. */
  private Object column(ColumnBatch batch, Input input) {
    Column column = batch.column(input.name());
    List<String> classes = labels.get(input.name());
    boolean fits = column.dtype() == input.dtype() && column.rowSize() == input.rowSize();
    return fits && classes == null
        ? batch.values(input.name())
        : ColumnArrays.of(batch, input, classes);
  }

  /** The inputs in order. */
  public List<Input> inputs() {
    return inputs;
  }

  /** The names of the raw columns that are read, in order of first use. */
  public List<String> columns() {
    List<String> names = new ArrayList<>(columns.length);
    Collections.addAll(names, columns);
    return names;
  }

  /**
   * The arrays of a batch's rows, one an input.
   *
   * @throws org.modelc.runtime.data.DataException if a column is missing, or a value is missing or
   *     out of range; rows are counted from 1 in the batch
   */
  public Object[] of(ColumnBatch batch) {
    Object[] arrays = new Object[inputs.size()];
    for (int i = 0; i < arrays.length; i++) {
      Input input = inputs.get(i);
      if (transforms.get(i) == null) {
        arrays[i] = column(batch, input);
      } else {
        float[] values = Transforms.apply(transforms.get(i), batch);
        arrays[i] = input.dtype() == DType.F32 ? values : ColumnArrays.narrowed(values, input);
      }
    }
    return arrays;
  }
}
