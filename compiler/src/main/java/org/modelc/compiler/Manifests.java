package org.modelc.compiler;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.TensorSpec;

/** Manifests with parts replaced. */
final class Manifests {
  private Manifests() {}

  static ModelManifest with(ModelManifest old, RecipeSpec recipe, LearnedState learned) {
    return new ModelManifest(
        old.format(),
        old.name(),
        old.doc(),
        old.compiler(),
        old.backend(),
        old.parameters(),
        old.states(),
        old.inputs(),
        learned.fitted(),
        learned.labels(),
        old.functions(),
        old.programs(),
        old.nativeCode(),
        old.data(),
        recipe,
        old.targets(),
        old.metrics(),
        old.baselines(),
        old.terms(),
        old.crc32());
  }

  static ModelManifest with(ModelManifest old, String backend, NativeSpec nativeCode) {
    return new ModelManifest(
        old.format(),
        old.name(),
        old.doc(),
        old.compiler(),
        backend,
        old.parameters(),
        old.states(),
        old.inputs(),
        old.fitted(),
        old.labels(),
        old.functions(),
        old.programs(),
        nativeCode,
        old.data(),
        old.recipe(),
        old.targets(),
        old.metrics(),
        old.baselines(),
        old.terms(),
        old.crc32());
  }

  static ModelManifest with(
      ModelManifest old,
      Map<String, Map<String, Double>> metrics,
      Map<String, Map<String, Double>> baselines) {
    return new ModelManifest(
        old.format(),
        old.name(),
        old.doc(),
        old.compiler(),
        old.backend(),
        old.parameters(),
        old.states(),
        old.inputs(),
        old.fitted(),
        old.labels(),
        old.functions(),
        old.programs(),
        old.nativeCode(),
        old.data(),
        old.recipe(),
        old.targets(),
        metrics,
        baselines,
        old.terms(),
        old.crc32());
  }

  /** A model of other parameters, states and programs. */
  static ModelManifest with(
      ModelManifest old,
      List<TensorSpec> parameters,
      List<TensorSpec> states,
      List<ProgramAbi> programs) {
    return new ModelManifest(
        old.format(),
        old.name(),
        old.doc(),
        old.compiler(),
        old.backend(),
        parameters,
        states,
        old.inputs(),
        old.fitted(),
        old.labels(),
        old.functions(),
        programs,
        old.nativeCode(),
        old.data(),
        old.recipe(),
        old.targets(),
        old.metrics(),
        old.baselines(),
        old.terms(),
        old.crc32());
  }
}
