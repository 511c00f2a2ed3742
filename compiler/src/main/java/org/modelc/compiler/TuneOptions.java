package org.modelc.compiler;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * How schedules are tuned.
 *
 * @param dims values of dynamic dims that calls are timed with
 * @param otherDims the value of all others, where their programs allow it
 * @param seconds after which no further knob is tried
 */
public record TuneOptions(Map<String, Integer> dims, int otherDims, int seconds) {
  public TuneOptions {
    dims = Map.copyOf(dims);
  }

  /** Dims of 32, two minutes. */
  public static TuneOptions defaults() {
    return new TuneOptions(Map.of(), 32, 120);
  }

  /** Looks at names of dims that no program has. */
  void requireKnown(Set<String> known) {
    Set<String> unknown = new TreeSet<>(dims.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new ModelcException(
          "no function of the model has a dim " + String.join(", ", unknown),
          known.isEmpty()
              ? "it has no dims that are known only at a call"
              : "it has " + String.join(", ", new TreeSet<>(known)));
    }
  }

  /** A dim's value. */
  int value(String dim, ProgramAbi abi) {
    Integer given = dims.get(dim);
    long most = given != null ? given : otherDims;
    for (ProgramAbi.Bound bound : abi.bounds()) {
      if (given == null && bound.dim().equals(Dim.symbol(dim))) {
        most = Math.max(bound.minimum(), Math.min(most, bound.maximum()));
      }
    }
    return (int) most;
  }
}
