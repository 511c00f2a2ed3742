package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;

/**
 * How far a training has come: all that a checkpoint holds beside tensors.
 *
 * @param format the checkpoint format's version
 * @param recipe stands for model, recipe and programs
 * @param data stands for the training and validation rows
 * @param backend the backend that ran the steps
 * @param epoch completed epochs
 * @param batch completed steps of the epoch that is under way
 * @param step completed steps in all
 * @param sums running sums of the epoch that is under way
 * @param bestValue the stopping measure's best value; NaN if there is none yet
 * @param bestEpoch the epoch of the best value, from 1; 0 if there is none yet
 * @param waits epochs for which each stopping rule has seen nothing better
 * @param consecutiveBad steps in a row whose loss was not finite
 * @param rows training rows seen
 * @param seconds time spent
 * @param history the completed epochs
 */
public record Progress(
    int format,
    String recipe,
    String data,
    String backend,
    int epoch,
    int batch,
    long step,
    Map<String, Double> sums,
    double bestValue,
    int bestEpoch,
    List<Integer> waits,
    int consecutiveBad,
    long rows,
    double seconds,
    List<EpochResult> history) {
  /** The newest checkpoint format this runtime reads and the one it writes. */
  public static final int FORMAT = 1;

  public Progress {
    sums = Map.copyOf(sums);
    waits = List.copyOf(waits);
    history = List.copyOf(history);
  }
}
