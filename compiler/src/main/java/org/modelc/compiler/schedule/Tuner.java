package org.modelc.compiler.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.compiler.schedule.KernelTrials.Trial;

/**
 * Looks for schedules that are faster than the cost model's: knob after knob, all kernels at one
 * time, the candidates of a knob in turns. A candidate is taken if the median of its times, each
 * over the best one's of the same turn, is lower by more than noise.
 */
public final class Tuner {
  /** Times that differ by less are alike. */
  private static final double NOISE = 0.02;

  private static final int LEAST_TURNS = 5;
  private static final int MOST_TURNS = 31;
  private static final int LAST_TURNS = 15;

  private final KernelTrials trials;
  private final LongSupplier clock;
  private final Progress progress;
  private final Map<String, ProductSchedule> best = new TreeMap<>();

  /** What is ready to run with the best schedules so far. */
  private Trial bestTrial;

  private Map<String, ProductSchedule> ofBestTrial = Map.of();

  /** Is told of each knob before its values are tried. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A knob begins.
     *
     * @param knob its name; {@code comparison} for the last turns
     * @param done how many have been tried
     * @param all how many there are
     */
    void trying(String knob, int done, int all);
  }

  /** A kernel's schedule, and how many times as fast it is as the cost model's. */
  public record Tuned(ProductSchedule schedule, double gain) {}

  /**
   * @param clock nanoseconds, for the time that all may take
   */
  public Tuner(KernelTrials trials, LongSupplier clock, Progress progress) {
    this.trials = trials;
    this.clock = clock;
    this.progress = progress;
    trials.kernels().forEach((kernel, choices) -> best.put(kernel, choices.model()));
  }

  /**
   * The kernels that gain, by fingerprint.
   *
   * @param nanos the time after which no further knob is tried; the last comparison comes on top
   */
  public Map<String, Tuned> run(long nanos) {
    long end = clock.getAsLong() + nanos;
    ProductKnob[] knobs = ProductKnob.values();
    for (int i = 0; i < knobs.length && clock.getAsLong() < end; i++) {
      progress.trying(knobs[i].text(), i, knobs.length + 1);
      tune(knobs[i], end, knobs.length - i);
    }
    progress.trying("comparison", knobs.length, knobs.length + 1);
    return gains();
  }

  private void tune(ProductKnob knob, long end, int knobsLeft) {
    Map<String, List<ProductSchedule>> variations = new TreeMap<>();
    trials
        .kernels()
        .forEach(
            (kernel, choices) ->
                variations.put(kernel, choices.variations(knob, best.get(kernel))));
    int most = variations.values().stream().mapToInt(List::size).max().orElse(0);
    if (most == 0) {
      return;
    }
    List<Trial> candidates = new ArrayList<>();
    candidates.add(bestTrial());
    for (int i = 0; i < most; i++) {
      Map<String, ProductSchedule> schedules = new TreeMap<>(best);
      int number = i;
      variations.forEach(
          (kernel, some) -> {
            if (number < some.size()) {
              schedules.put(kernel, some.get(number));
            }
          });
      candidates.add(trials.prepare(schedules));
    }
    long now = clock.getAsLong();
    Times times = inTurns(candidates, now + Math.max(0, end - now) / knobsLeft, MOST_TURNS);
    variations.forEach((kernel, some) -> choose(kernel, some, times));
  }

  private Trial bestTrial() {
    if (bestTrial == null || !ofBestTrial.equals(best)) {
      ofBestTrial = new TreeMap<>(best);
      bestTrial = trials.prepare(ofBestTrial);
    }
    return bestTrial;
  }

  private void choose(String kernel, List<ProductSchedule> variations, Times times) {
    double least = 1 - NOISE;
    for (int i = 0; i < variations.size(); i++) {
      double ratio = times.ratio(kernel, i + 1);
      if (ratio < least) {
        least = ratio;
        best.put(kernel, variations.get(i));
      }
    }
  }

  /** The chosen schedules once more, beside the cost model's. */
  private Map<String, Tuned> gains() {
    Map<String, ProductSchedule> chosen = new TreeMap<>();
    best.forEach(
        (kernel, schedule) -> {
          if (!schedule.equals(trials.kernels().get(kernel).model())) {
            chosen.put(kernel, schedule);
          }
        });
    Map<String, Tuned> gains = new TreeMap<>();
    if (!chosen.isEmpty()) {
      List<Trial> both = List.of(trials.prepare(Map.of()), bestTrial());
      Times times = inTurns(both, Long.MAX_VALUE, LAST_TURNS);
      chosen.forEach(
          (kernel, schedule) -> {
            double ratio = times.ratio(kernel, 1);
            if (ratio < 1 - NOISE) {
              gains.put(kernel, new Tuned(schedule, 1 / ratio));
            }
          });
    }
    return gains;
  }

  private Times inTurns(List<Trial> candidates, long end, int most) {
    // What was just loaded is not what runs later.
    candidates.forEach(Trial::run);
    List<List<Map<String, Double>>> turns = new ArrayList<>();
    while (turns.size() < LEAST_TURNS || (turns.size() < most && clock.getAsLong() < end)) {
      List<Map<String, Double>> turn = new ArrayList<>();
      candidates.forEach(candidate -> turn.add(candidate.run()));
      turns.add(turn);
    }
    return new Times(turns);
  }

  /** Times of candidates by turn. */
  private record Times(List<List<Map<String, Double>>> turns) {
    /** A candidate's time over the first one's, the median over turns. */
    double ratio(String kernel, int candidate) {
      double[] ratios =
          turns.stream()
              .mapToDouble(turn -> turn.get(candidate).get(kernel) / turn.get(0).get(kernel))
              .sorted()
              .toArray();
      return ratios[ratios.length / 2];
    }
  }
}
