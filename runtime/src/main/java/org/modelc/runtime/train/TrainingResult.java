package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.Tensor;

/**
 * What a training gave.
 *
 * @param tensors the parameters and states by name: the best ones if a stopping rule measures, else
 *     the last
 * @param history the epochs in order
 * @param outcome why it ended
 * @param bestEpoch the epoch the tensors are from, from 1; 0 if no epoch was completed
 * @param rows training rows seen, repetitions counted
 * @param seconds the time spent in steps and measures, over all resumed parts
 */
public record TrainingResult(
    Map<String, Tensor> tensors,
    List<EpochResult> history,
    Outcome outcome,
    int bestEpoch,
    long rows,
    double seconds) {
  /** Why a training ended. */
  public enum Outcome {
    /** All epochs are done. */
    COMPLETED,
    /** A stopping rule held. */
    STOPPED_EARLY,
    /** It was told to stop; its checkpoint, if any, is saved. */
    CANCELLED
  }

  public double samplesPerSecond() {
    return seconds == 0 ? 0 : rows / seconds;
  }
}
