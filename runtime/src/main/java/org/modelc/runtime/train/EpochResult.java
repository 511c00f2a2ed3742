package org.modelc.runtime.train;

import java.util.Map;

/**
 * An epoch's figures.
 *
 * @param epoch the epoch, from 1
 * @param steps steps done since training began
 * @param loss the mean training loss of the epoch's steps, by rows
 * @param validationLoss the mean loss on validation rows; NaN if there are none
 * @param metrics measures on validation rows by name; empty if there are none
 * @param gradientNorms the mean norm over the epoch's steps, by name: {@code gradient_norm} of all,
 *     and {@code gradient_norm/<parameter>} where the program gives them
 * @param rate the learning rate of the last step
 * @param badSteps steps whose loss or gradient was not finite
 * @param best whether this is the best epoch so far by the stopping rule's measure
 * @param seconds the time it took, measures included
 */
public record EpochResult(
    int epoch,
    long steps,
    double loss,
    double validationLoss,
    Map<String, Double> metrics,
    Map<String, Double> gradientNorms,
    double rate,
    int badSteps,
    boolean best,
    double seconds) {
  public EpochResult {
    metrics = Map.copyOf(metrics);
    gradientNorms = Map.copyOf(gradientNorms);
  }
}
