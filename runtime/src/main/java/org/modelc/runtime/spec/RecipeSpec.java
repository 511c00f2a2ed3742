package org.modelc.runtime.spec;

import java.util.List;
import java.util.Map;

/**
 * A {@code train} block: what happens between the steps of training. What touches tensors inside a
 * step (loss, penalty, clipping, update) is compiled into the training program from the same spec.
 *
 * @param model the model's name
 * @param data the data block's name
 * @param minimize what each step minimises, in order
 * @param batch rows a step
 * @param epochs the most passes over the training rows
 * @param stops when training ends earlier
 * @param classWeight how examples are weighted by class; null for evenly
 * @param folds cross-validation folds; 0 for none
 * @param seed the seed of initial values, shuffles and noise
 * @param checkpointEvery epochs between checkpoints
 * @param augmentations random changes of training inputs
 * @param measures what is measured, in order
 * @param requirements what must hold on the test rows for the build to pass
 */
public record RecipeSpec(
    String model,
    String data,
    List<MinimizeSpec> minimize,
    int batch,
    int epochs,
    List<StopSpec> stops,
    ClassWeightSpec classWeight,
    int folds,
    long seed,
    int checkpointEvery,
    List<AugmentationSpec> augmentations,
    List<MeasureSpec> measures,
    List<RequirementSpec> requirements) {
  public RecipeSpec {
    minimize = List.copyOf(minimize);
    stops = List.copyOf(stops);
    augmentations = List.copyOf(augmentations);
    measures = List.copyOf(measures);
    requirements = List.copyOf(requirements);
  }

  /**
   * {@code minimize loss over patterns with adamw(...)}.
   *
   * @param loss the model's loss function
   * @param over binding-path patterns of the parameters that change; empty for all
   * @param optimizer the optimiser's op name ({@code sgd}, {@code adam}, {@code adamw}) and
   *     settings
   * @param rate the learning-rate schedule
   * @param penalties L1 and L2 penalties added to the loss
   * @param clip gradient clipping; null for none
   */
  public record MinimizeSpec(
      String loss,
      List<String> over,
      OptimizerSpec optimizer,
      ScheduleSpec rate,
      List<PenaltySpec> penalties,
      ClipSpec clip) {
    public MinimizeSpec {
      over = List.copyOf(over);
      penalties = List.copyOf(penalties);
    }
  }

  /** An optimiser's op name and its numeric attributes ({@code beta1}, {@code momentum}, …). */
  public record OptimizerSpec(String kind, Map<String, Double> options) {
    public OptimizerSpec {
      options = Map.copyOf(options);
    }
  }

  /**
   * A learning-rate schedule, a function of the step.
   *
   * @param kind {@code constant}, {@code step} or {@code cosine}
   * @param rate the peak rate
   * @param options {@code warmup} (steps), {@code every} (epochs), {@code factor}, {@code floor}
   */
  public record ScheduleSpec(String kind, double rate, Map<String, Double> options) {
    public ScheduleSpec {
      options = Map.copyOf(options);
    }
  }

  /**
   * {@code l1} or {@code l2} times the factor over parameters that match; empty: all weights of
   * rank ≥ 2.
   */
  public record PenaltySpec(String kind, double factor, List<String> over) {
    public PenaltySpec {
      over = List.copyOf(over);
    }
  }

  /** {@code norm}: global L2 norm of the gradients; {@code value}: each element. */
  public record ClipSpec(String kind, double limit) {}

  /**
   * A stopping rule.
   *
   * @param kind {@code metric}: no better {@code measure} on validation for {@code epochs}; {@code
   *     loss}: the training loss changes by less than {@code epsilon} for {@code epochs}
   */
  public record StopSpec(String kind, String measure, double epsilon, int epochs) {}

  /**
   * Weights of examples by class.
   *
   * @param kind {@code balanced} (rows / (classes × rows of the class)) or {@code given}
   * @param by the data column that holds the class
   * @param weights for {@code given}: weight by class text
   */
  public record ClassWeightSpec(String kind, String by, Map<String, Double> weights) {
    public ClassWeightSpec {
      weights = Map.copyOf(weights);
    }
  }

  /**
   * A random change of one training input, such as {@code shift(image, 1)}; see the runtime's
   * registry.
   */
  public record AugmentationSpec(String kind, String input, Map<String, Double> options) {
    public AugmentationSpec {
      options = Map.copyOf(options);
    }
  }

  /**
   * A metric of function results against data columns.
   *
   * @param name the name by which requirements and reports call it
   * @param kind the metric's registered name: {@code accuracy}, {@code auc}, {@code r2}, …
   * @param function the exported function whose result is measured
   * @param result the result's field
   * @param target the function input or data column it is held against
   * @param options settings such as the averaging
   */
  public record MeasureSpec(
      String name,
      String kind,
      String function,
      String result,
      String target,
      Map<String, Object> options) {
    public MeasureSpec {
      options = Map.copyOf(options);
    }
  }

  /**
   * {@code auc >= 0.84}, {@code jar <= 300 KB}.
   *
   * @param name a measure's name, or {@code jar} (bytes), {@code latency} (microseconds), {@code
   *     memory} (bytes)
   * @param comparison {@code >=}, {@code <=}, {@code >} or {@code <}
   * @param text the requirement as written
   */
  public record RequirementSpec(String name, String comparison, double limit, String text) {}
}
