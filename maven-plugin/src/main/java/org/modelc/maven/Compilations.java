package org.modelc.maven;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.modelc.compiler.Compilation;

/**
 * What {@code compile} has compiled, for {@code train} of the same build: native code takes longer
 * to compile than many a model to train.
 */
final class Compilations {
  private final Map<String, Made> byModel = new HashMap<>();

  private record Made(Fingerprint inputs, Compilation compilation) {}

  /** Of this project in this build, from what Maven keeps for both. */
  @SuppressWarnings("unchecked") // Maven's map of a plugin's own objects has no types.
  static Compilations in(Map<?, ?> pluginContext) {
    return (Compilations)
        ((Map<Object, Object>) pluginContext)
            .computeIfAbsent(Compilations.class.getName(), absent -> new Compilations());
  }

  synchronized void keep(String model, Fingerprint inputs, Compilation compilation) {
    byModel.put(model, new Made(inputs, compilation));
  }

  /** What was compiled from just these inputs, which is forgotten here; else it is made. */
  synchronized Compilation take(String model, Fingerprint inputs, Supplier<Compilation> make) {
    Made made = byModel.remove(model);
    return made != null && made.inputs().equals(inputs) ? made.compilation() : make.get();
  }
}
