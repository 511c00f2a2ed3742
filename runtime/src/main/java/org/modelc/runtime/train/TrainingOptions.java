package org.modelc.runtime.train;

import java.nio.file.Path;
import java.util.Map;
import org.modelc.runtime.Tensor;

/**
 * How to carry a training out; nothing here changes its result.
 *
 * @param checkpoint the file that keeps the state; null for none
 * @param resume whether to go on from that file, if it exists
 * @param logEvery steps between running losses; 0 for none
 * @param threads the most workers of a step; 0 for all processors
 * @param cacheBytes memory for transformed rows; data of more is read anew each epoch
 * @param initial parameters to begin with instead of freshly drawn ones; null for those
 * @param check names the value behind a step that is not finite; null if there is no such program
 */
public record TrainingOptions(
    Path checkpoint,
    boolean resume,
    int logEvery,
    int threads,
    long cacheBytes,
    Map<String, Tensor> initial,
    StepCheck check) {
  /** No checkpoints, all processors, a third of the memory for rows. */
  public static TrainingOptions defaults() {
    return new TrainingOptions(null, false, 0, 0, Runtime.getRuntime().maxMemory() / 3, null, null);
  }

  public TrainingOptions withCheckpoint(Path file, boolean goOn) {
    return new TrainingOptions(file, goOn, logEvery, threads, cacheBytes, initial, check);
  }

  public TrainingOptions withLogEvery(int steps) {
    return new TrainingOptions(checkpoint, resume, steps, threads, cacheBytes, initial, check);
  }

  public TrainingOptions withThreads(int count) {
    return new TrainingOptions(checkpoint, resume, logEvery, count, cacheBytes, initial, check);
  }

  public TrainingOptions withCacheBytes(long bytes) {
    return new TrainingOptions(checkpoint, resume, logEvery, threads, bytes, initial, check);
  }

  public TrainingOptions withInitial(Map<String, Tensor> tensors) {
    return new TrainingOptions(checkpoint, resume, logEvery, threads, cacheBytes, tensors, check);
  }

  public TrainingOptions withCheck(StepCheck values) {
    return new TrainingOptions(checkpoint, resume, logEvery, threads, cacheBytes, initial, values);
  }
}
