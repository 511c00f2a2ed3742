package org.modelc.runtime.train;

import java.util.List;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;

/**
 * Learning rates by step.
 *
 * <p>With {@code warmup: w}, step i &lt; w has rate · (i + 1) / w. After it: {@code constant};
 * {@code step}: rate · factor^⌊epoch / every⌋; {@code cosine}: from the rate to {@code floor} (0
 * unless given) along half a cosine over the steps that are left (Loshchilov, Hutter: SGDR, 2017,
 * without restarts).
 */
public final class Schedules {
  private static final List<String> KINDS = List.of("constant", "cosine", "step");

  private Schedules() {}

  /**
   * The rate of a step.
   *
   * @param step steps done before
   * @param stepsPerEpoch steps of one epoch
   * @param totalSteps steps of the whole recipe
   */
  public static double rate(ScheduleSpec spec, long step, long stepsPerEpoch, long totalSteps) {
    double warmup = option(spec, "warmup", 0);
    if (step < warmup) {
      return spec.rate() * (step + 1) / warmup;
    }
    return switch (spec.kind()) {
      case "constant" -> spec.rate();
      case "step" -> {
        long epoch = step / stepsPerEpoch;
        double times = Math.floor(epoch / option(spec, "every", 1));
        yield spec.rate() * StrictMath.pow(option(spec, "factor", 0.1), times);
      }
      case "cosine" -> {
        double floor = option(spec, "floor", 0);
        double done = Math.min(1, (step - warmup) / Math.max(1, totalSteps - warmup));
        yield floor + (spec.rate() - floor) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * done));
      }
      default ->
          throw new TrainingException(
              "no schedule `" + spec.kind() + "`", NearestName.hint(spec.kind(), KINDS));
    };
  }

  private static double option(ScheduleSpec spec, String name, double otherwise) {
    Double value = spec.options().get(name);
    return value == null ? otherwise : value;
  }
}
