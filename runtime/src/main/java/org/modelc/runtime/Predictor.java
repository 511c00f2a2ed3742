package org.modelc.runtime;

import java.util.Map;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.Dataset;

/** From raw columns to the named results of an exported function; safe for several threads. */
public final class Predictor {
  private static final int CHUNK = 256;

  private final Model model;
  private final RowFunction function;
  private final RowInputs inputs;
  private final String program;

  /**
   * A predictor of one function.
   *
   * @param name an exported function of the model
   * @throws ModelcException if there is no such function, or it does not work row by row
   */
  public Predictor(Model model, String name) {
    this.model = model;
    this.program = model.function(name).program();
    this.function = new RowFunction(model.programs().program(program));
    this.inputs = new RowInputs(model.start(), function.inputs());
  }

  /** The inputs and the raw columns that they are made from. */
  public RowInputs inputs() {
    return inputs;
  }

  /**
   * The results of a batch's rows.
   *
   * @return tensors by result name, of shape [rows, …]
   * @throws org.modelc.runtime.data.DataException if a column is missing or a value cannot be used
   */
  public Map<String, Tensor> predict(ColumnBatch batch) {
    Map<String, Tensor> results = function.newResults(batch.rows());
    if (batch.rows() > 0) {
      run(inputs.of(batch), batch.rows(), results, 0);
    }
    return results;
  }

  /** The results of a dataset's rows, read and computed in chunks. */
  public Map<String, Tensor> predict(Dataset data) {
    Map<String, Tensor> results = function.newResults(data.size());
    for (int from = 0; from < data.size(); from += CHUNK) {
      int to = Math.min(data.size(), from + CHUNK);
      ColumnBatch batch = data.read(Dataset.range(from, to), inputs.columns());
      run(inputs.of(batch), to - from, results, from);
    }
    return results;
  }

  private void run(Object[] arrays, int rows, Map<String, Tensor> results, int from) {
    Session session = model.acquire();
    try {
      function.run(session.frame(program), arrays, rows, results, from);
    } finally {
      model.release(session);
    }
  }
}
