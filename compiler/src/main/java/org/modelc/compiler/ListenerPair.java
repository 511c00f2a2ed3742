package org.modelc.compiler;

import java.nio.file.Path;
import java.util.Map;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.train.EpochResult;
import org.modelc.runtime.train.TrainingListener;

/** Two listeners of one training, told one after the other. */
record ListenerPair(TrainingListener first, TrainingListener second) implements TrainingListener {
  @Override
  public void learning(Map<String, Tensor> tensors) {
    first.learning(tensors);
    second.learning(tensors);
  }

  @Override
  public void started(int epochsDone, int epochs, int rows, int stepsPerEpoch) {
    first.started(epochsDone, epochs, rows, stepsPerEpoch);
    second.started(epochsDone, epochs, rows, stepsPerEpoch);
  }

  @Override
  public void epochStarted(int epoch) {
    first.epochStarted(epoch);
    second.epochStarted(epoch);
  }

  @Override
  public void stepped(Step step) {
    first.stepped(step);
    second.stepped(step);
  }

  @Override
  public void logged(long step, double runningLoss) {
    first.logged(step, runningLoss);
    second.logged(step, runningLoss);
  }

  @Override
  public void epochFinished(EpochResult result) {
    first.epochFinished(result);
    second.epochFinished(result);
  }

  @Override
  public void badStep(long step, String what) {
    first.badStep(step, what);
    second.badStep(step, what);
  }

  @Override
  public void checkpointed(Path file) {
    first.checkpointed(file);
    second.checkpointed(file);
  }

  @Override
  public void warning(String message) {
    first.warning(message);
    second.warning(message);
  }
}
