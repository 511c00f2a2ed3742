package org.modelc.cli;

import org.modelc.runtime.ModelcException;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;

/** Which exported function a command means. */
final class Functions {
  private Functions() {}

  static FunctionSpec choose(ModelManifest manifest, String wanted) {
    if (manifest.functions().isEmpty()) {
      throw new ModelcException(
          "model " + manifest.name() + " exports no function", "write `export fn` in the model");
    }
    for (FunctionSpec each : manifest.functions()) {
      boolean meant = wanted == null ? each.name().equals("predict") : each.name().equals(wanted);
      if (meant) {
        return each;
      }
    }
    if (wanted == null && manifest.functions().size() == 1) {
      return manifest.functions().get(0);
    }
    String names =
        String.join(", ", manifest.functions().stream().map(FunctionSpec::name).toList());
    throw new ModelcException(
        wanted == null
            ? "model " + manifest.name() + " exports several functions"
            : "model " + manifest.name() + " has no exported function `" + wanted + "`",
        "choose one with --function: " + names);
  }
}
