package org.modelc.codegen.llvm.schedule;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.codegen.llvm.IsaLevel;

/**
 * Schedules that are given rather than chosen by the cost model: an input of the build.
 *
 * @param levels schedules by fingerprint, by level
 */
public record ProductSchedules(Map<IsaLevel, Map<String, ProductSchedule>> levels) {
  /** The cost model chooses all. */
  public static final ProductSchedules NONE = new ProductSchedules(Map.of());

  public ProductSchedules {
    Map<IsaLevel, Map<String, ProductSchedule>> copy = new EnumMap<>(IsaLevel.class);
    levels.forEach((level, some) -> copy.put(level, new TreeMap<>(some)));
    levels = Collections.unmodifiableMap(copy);
  }

  /** The product with the schedule that is given for it, else the cost model's. */
  public ScheduledProduct of(String kernel, IsaLevel level, ProductChoices choices) {
    ProductSchedule given = levels.getOrDefault(level, Map.of()).get(kernel);
    return new ScheduledProduct(kernel, given == null ? choices.model() : given, choices);
  }
}
