package org.modelc.runtime.train;

import java.nio.file.Path;
import java.util.Map;
import org.modelc.runtime.Tensor;

/** Hears what a training does, on the training's own thread; every method may be left out. */
public interface TrainingListener {
  /** A listener that does nothing. */
  TrainingListener SILENT = new TrainingListener() {};

  /**
   * What the training changes, by name, before its first step: the very tensors, which a listener
   * may change between steps.
   */
  default void learning(Map<String, Tensor> tensors) {}

  /** Training begins or, with epochs done, goes on. */
  default void started(int epochsDone, int epochs, int rows, int stepsPerEpoch) {}

  /** An epoch begins; epochs count from 1. */
  default void epochStarted(int epoch) {}

  /** A step is done. */
  default void stepped(Step step) {}

  /** The mean loss of the last {@code logEvery} steps. */
  default void logged(long step, double runningLoss) {}

  /** An epoch is done, its measures taken. */
  default void epochFinished(EpochResult result) {}

  /** A step's loss or gradient was not finite; parameters stay as they were. */
  default void badStep(long step, String what) {}

  /** The state was saved. */
  default void checkpointed(Path file) {}

  /** Something the user should know. */
  default void warning(String message) {}

  /**
   * A step's figures.
   *
   * @param epoch the epoch, from 1
   * @param step the step in the whole training, from 1
   * @param done steps of this epoch that are done
   * @param ofSteps steps of an epoch
   * @param loss the step's loss
   * @param rate the learning rate
   * @param samplesPerSecond rows a second since training began
   * @param secondsLeft seconds left at this speed, if no rule stops earlier
   */
  record Step(
      int epoch,
      long step,
      int done,
      int ofSteps,
      double loss,
      double rate,
      double samplesPerSecond,
      double secondsLeft) {}
}
