package org.modelc.compiler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.schedule.ProductChoices;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;

/** The tuner over kernels whose times are formulas, with a clock that they drive. */
class TunerTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;
  private int prepared;

  /** Values above and below what is given, as far as the level allows them. */
  private static final class Choices implements ProductChoices {
    @Override
    public ProductSchedule model() {
      Map<ProductKnob, Integer> values = new EnumMap<>(ProductKnob.class);
      for (ProductKnob knob : ProductKnob.values()) {
        values.put(knob, knob == ProductKnob.PART_STEPS ? 128 : knob.most(IsaLevel.X86_64_V4) / 2);
      }
      return new ProductSchedule(values);
    }

    @Override
    public List<ProductSchedule> variations(ProductKnob knob, ProductSchedule from) {
      List<ProductSchedule> all = new ArrayList<>();
      for (int value : new int[] {from.value(knob) / 2, from.value(knob) * 2}) {
        if (knob.allows(value, IsaLevel.X86_64_V4)) {
          all.add(from.with(knob, value));
        }
      }
      return all;
    }

    @Override
    public Optional<String> mistake(ProductSchedule schedule) {
      return Optional.empty();
    }
  }

  /** Kernels whose times follow from their schedules. */
  private KernelTrials trials(Map<String, ToDoubleFunction<ProductSchedule>> times) {
    Map<String, ProductChoices> kernels = new HashMap<>();
    times.keySet().forEach(kernel -> kernels.put(kernel, new Choices()));
    return new KernelTrials() {
      @Override
      public Map<String, ProductChoices> kernels() {
        return kernels;
      }

      @Override
      public Trial prepare(Map<String, ProductSchedule> schedules) {
        prepared++;
        now += SECOND;
        Map<String, ProductSchedule> given = Map.copyOf(schedules);
        return () -> {
          now += SECOND / 100;
          Map<String, Double> found = new HashMap<>();
          times.forEach(
              (kernel, time) ->
                  found.put(
                      kernel,
                      time.applyAsDouble(given.getOrDefault(kernel, new Choices().model()))));
          return found;
        };
      }
    };
  }

  private Map<String, Tuner.Tuned> tuned(
      Map<String, ToDoubleFunction<ProductSchedule>> times, long seconds) {
    return new Tuner(trials(times), () -> now, (knob, done, all) -> {}).run(seconds * SECOND);
  }

  private static double parts(ProductSchedule schedule) {
    return 100.0 + Math.abs(schedule.value(ProductKnob.PART_STEPS) - 256);
  }

  @Test
  void theFastestOfEachKnobIsTaken() {
    Map<String, Tuner.Tuned> found =
        tuned(
            Map.of(
                "a", TunerTest::parts,
                "b", each -> 50.0 + each.value(ProductKnob.TILE_ROWS),
                "c", each -> 7),
            1000);
    assertThat(found).containsOnlyKeys("a", "b");
    ProductSchedule model = new Choices().model();
    assertThat(found.get("a").schedule()).isEqualTo(model.with(ProductKnob.PART_STEPS, 256));
    assertThat(found.get("a").gain()).isCloseTo(2.28, within(1e-9));
    assertThat(found.get("b").schedule()).isEqualTo(model.with(ProductKnob.TILE_ROWS, 3));
    assertThat(found.get("b").gain()).isCloseTo(57 / 53.0, within(1e-9));
  }

  @Test
  void whatAKnobGivesIsKeptForTheNext() {
    ToDoubleFunction<ProductSchedule> both =
        each ->
            1000
                - each.value(ProductKnob.TILE_ROWS) * 10
                - (each.value(ProductKnob.TILE_ROWS) == 14 ? parts(each) : 0);
    Map<String, Tuner.Tuned> found = tuned(Map.of("a", both), 1000);
    // Parts of 64 steps are best only where tiles have 14 rows.
    assertThat(found.get("a").schedule().value(ProductKnob.TILE_ROWS)).isEqualTo(14);
    assertThat(found.get("a").schedule().value(ProductKnob.PART_STEPS)).isEqualTo(64);
  }

  @Test
  void noiseChangesNothing() {
    long seed = new Random().nextLong();
    System.out.println("TunerTest seed " + seed);
    Random noise = new Random(seed);
    // Each time is within a hundredth of the same, but for one in ten, which takes twice as long.
    ToDoubleFunction<ProductSchedule> time =
        each -> (100 + noise.nextDouble()) * (noise.nextInt(10) == 0 ? 2 : 1);
    assertThat(tuned(Map.of("a", time), 1000)).as("seed %d", seed).isEmpty();
  }

  @Test
  void equalTimesGiveTheSameSchedulesAgain() {
    Map<String, ToDoubleFunction<ProductSchedule>> times =
        Map.of("a", each -> each.value(ProductKnob.PACK_LEFT) + parts(each), "b", TunerTest::parts);
    assertThat(tuned(times, 1000)).isEqualTo(tuned(times, 1000)).hasSize(2);
  }

  @Test
  void theBudgetIsKept() {
    ToDoubleFunction<ProductSchedule> last = each -> 100.0 + each.value(ProductKnob.FETCH_STEPS);
    assertThat(tuned(Map.of("a", last), 1000)).hasSize(1);
    int all = prepared;
    prepared = 0;
    now = 0;
    // The knob that matters is not reached.
    assertThat(tuned(Map.of("a", last), 1)).isEmpty();
    assertThat(prepared).isLessThan(all);
    assertThat(now).isLessThan(10 * SECOND);
  }

  @Test
  void progressIsTold() {
    List<String> told = new ArrayList<>();
    new Tuner(
            trials(Map.of("a", TunerTest::parts)),
            () -> now,
            (knob, done, all) -> told.add(knob + " " + done + "/" + all))
        .run(1000 * SECOND);
    assertThat(told).hasSize(8).startsWith("tileRows 0/8").endsWith("comparison 7/8");
  }
}
