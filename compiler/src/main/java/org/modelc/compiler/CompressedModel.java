package org.modelc.compiler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.compiler.compress.StoredParameter;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.report.ReportData;
import org.modelc.runtime.Tensor;

/**
 * A trained model after its compress block.
 *
 * @param compilation the programs over stored parameters
 * @param tensors the stored parameters
 * @param parameters how each parameter is stored, and what that costs
 * @param part the rows it was measured on: {@code test}, {@code validation} or {@code train}
 * @param measured what was measured of it there
 * @param quantities the model before and after
 * @param requirements what had to hold of it
 * @param warnings what stayed as it was, and why
 */
public record CompressedModel(
    Compilation compilation,
    Map<String, Tensor> tensors,
    List<StoredParameter> parameters,
    String part,
    Map<String, Double> measured,
    List<CompressionTable.Quantity> quantities,
    List<ReportData.Requirement> requirements,
    List<String> warnings) {
  /** The jar of it; measures of the rows it was not measured on are those of the model before. */
  ModelJar jar(
      Map<String, Map<String, Double>> metrics, Map<String, Map<String, Double>> baselines) {
    Map<String, Map<String, Double>> own = new LinkedHashMap<>(metrics);
    own.put(part, measured);
    return Compiler.pack(
        compilation,
        Manifests.with(compilation.manifest(), own, baselines),
        tensors,
        Map.of(CompressionTable.resourceOf(compilation.model().name()), table().encode()));
  }

  /** The model before and after, and how each parameter is stored. */
  public CompressionTable table() {
    return new CompressionTable(quantities, parameters);
  }
}
