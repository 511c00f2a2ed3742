package org.modelc.compiler.compress;

import java.util.LinkedHashMap;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.ModelManifest;

/** The mean loss of a model over some rows, with a parameter of other values. */
final class LossOfRows {
  private final RowRuns runs;
  private final Dataset rows;
  private final Map<String, Tensor> parameters;

  /**
   * @param loss the loss function in inference
   * @param parameters that it reads
   */
  LossOfRows(Graph loss, ModelManifest manifest, Map<String, Tensor> parameters, Dataset rows) {
    this.runs = new RowRuns(loss, manifest);
    this.rows = rows;
    this.parameters = parameters;
  }

  /** With all parameters as they are. */
  double plain() {
    return of(parameters);
  }

  /** With other values of one parameter. */
  double with(String parameter, Array values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(parameters);
    tensors.put(parameter, TensorArrays.tensor(values));
    return of(tensors);
  }

  private double of(Map<String, Tensor> tensors) {
    double[] sumAndCount = new double[2];
    runs.run(
        tensors,
        rows,
        (name, result) -> {
          for (int i = 0; i < result.size(); i++) {
            sumAndCount[0] += result.at(i);
          }
          sumAndCount[1] += result.size();
        });
    return sumAndCount[0] / sumAndCount[1];
  }
}
