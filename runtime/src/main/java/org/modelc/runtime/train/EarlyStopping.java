package org.modelc.runtime.train;

import java.util.List;
import org.modelc.runtime.metrics.Metrics;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.RecipeSpec.StopSpec;

/** The stopping rules of a recipe. The first that measures also says which epoch is the best. */
final class EarlyStopping {
  private final List<StopSpec> rules;
  private final RecipeSpec recipe;
  private final int judge;

  EarlyStopping(RecipeSpec recipe, boolean hasValidation) {
    this.recipe = recipe;
    this.rules = recipe.stops();
    int first = -1;
    for (int i = rules.size() - 1; i >= 0; i--) {
      if (rules.get(i).kind().equals("metric")) {
        first = i;
        requireMeasure(rules.get(i), hasValidation);
      } else if (!rules.get(i).kind().equals("loss")) {
        throw new TrainingException(
            "no stopping rule `" + rules.get(i).kind() + "`", "there are: metric, loss");
      }
    }
    this.judge = first;
  }

  private void requireMeasure(StopSpec rule, boolean hasValidation) {
    higherIsBetter(rule);
    if (!hasValidation) {
      throw new TrainingException(
          "training stops by `" + rule.measure() + "` on validation rows, and there are none",
          "give the split a share for validation, such as 70% / 15% / 15%");
    }
  }

  /** The validation loss is a measure that needs no name in the recipe. */
  private boolean higherIsBetter(StopSpec rule) {
    if (rule.measure().equals("loss")) {
      return false;
    }
    for (MeasureSpec measure : recipe.measures()) {
      if (measure.name().equals(rule.measure())) {
        return Metrics.of(measure.kind()).higherIsBetter();
      }
    }
    throw new TrainingException(
        "training stops by `" + rule.measure() + "`, which is not measured",
        "add it to the recipe's `measure`");
  }

  private static double measured(StopSpec rule, EpochResult result) {
    return rule.measure().equals("loss")
        ? result.validationLoss()
        : result.metrics().get(rule.measure());
  }

  /**
   * Whether a completed epoch is the best so far.
   *
   * @param bestValue the judging measure's best value of the epochs before, or NaN
   */
  boolean isBest(EpochResult result, double bestValue) {
    return judge >= 0 && better(rules.get(judge), measured(rules.get(judge), result), bestValue);
  }

  /** Whether a rule chooses the best epoch. */
  boolean judges() {
    return judge >= 0;
  }

  /** The judging measure's value of an epoch. */
  double value(EpochResult result) {
    return measured(rules.get(judge), result);
  }

  private boolean better(StopSpec rule, double value, double best) {
    if (Double.isNaN(value)) {
      return false;
    }
    boolean higher = higherIsBetter(rule);
    return Double.isNaN(best) || (higher ? value > best : value < best);
  }

  /**
   * Whether training ends after the last epoch of a history.
   *
   * @param waits epochs each rule has waited; updated
   */
  boolean stops(List<EpochResult> history, int[] waits) {
    boolean stop = false;
    for (int i = 0; i < waits.length; i++) {
      StopSpec rule = rules.get(i);
      waits[i] = progressed(rule, history) ? 0 : waits[i] + 1;
      stop |= waits[i] >= rule.epochs();
    }
    return stop;
  }

  private boolean progressed(StopSpec rule, List<EpochResult> history) {
    EpochResult last = history.get(history.size() - 1);
    if (rule.kind().equals("loss")) {
      boolean first = history.size() == 1;
      return first
          || Math.abs(last.loss() - history.get(history.size() - 2).loss()) >= rule.epsilon();
    }
    double best = Double.NaN;
    for (EpochResult earlier : history.subList(0, history.size() - 1)) {
      double value = measured(rule, earlier);
      best = better(rule, value, best) ? value : best;
    }
    return better(rule, measured(rule, last), best);
  }
}
