package org.modelc.compiler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.TensorSpec;

/** Parameters from a safetensors file, held against what a model needs. */
final class Weights {
  private Weights() {}

  /**
   * A model's parameters and states from a file; what the file has besides is left out.
   *
   * @throws FormatException naming every tensor that is missing or of another shape
   */
  static Map<String, Tensor> of(ModelManifest manifest, Path file) {
    Map<String, Tensor> found = Safetensors.read(file).tensors();
    List<TensorSpec> specs = new ArrayList<>(manifest.parameters());
    specs.addAll(manifest.states());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    String hint = "";
    for (TensorSpec spec : specs) {
      Tensor tensor = found.get(spec.name());
      if (tensor == null) {
        problems.add("`" + spec.name() + "` is missing");
        hint = hint.isEmpty() ? NearestName.hint(spec.name(), found.keySet()) : hint;
      } else if (tensor.dtype() != spec.dtype()
          || !tensor.shape().equals(ModelResources.shape(spec))) {
        problems.add(
            "`"
                + spec.name()
                + "` is "
                + tensor
                + ", the model needs "
                + spec.dtype()
                + spec.shape());
      }
      tensors.put(spec.name(), tensor);
    }
    if (!problems.isEmpty()) {
      throw new FormatException(
          file + " does not fit model " + manifest.name() + ": " + String.join("; ", problems),
          hint);
    }
    return tensors;
  }
}
