package org.modelc.maven;

import java.util.Locale;
import org.apache.maven.plugin.logging.Log;
import org.modelc.runtime.train.EpochResult;
import org.modelc.runtime.train.TrainingListener;

/** A training in the build's log: a line an epoch. */
final class EpochLog implements TrainingListener {
  private final Log log;
  private final String model;
  private int epochs;

  EpochLog(Log log, String model) {
    this.log = log;
    this.model = model;
  }

  @Override
  public void started(int epochsDone, int all, int rows, int stepsPerEpoch) {
    epochs = all;
    log.info(String.format(Locale.ROOT, "%s: %,d rows, %d epochs", model, rows, all));
  }

  @Override
  public void epochFinished(EpochResult result) {
    StringBuilder measures = new StringBuilder();
    result
        .metrics()
        .forEach(
            (name, value) -> measures.append(String.format(Locale.ROOT, ", %s %.4f", name, value)));
    log.info(
        String.format(
            Locale.ROOT,
            "%s: epoch %d/%d, loss %.4f%s",
            model,
            result.epoch(),
            epochs,
            result.loss(),
            measures));
  }

  @Override
  public void warning(String message) {
    log.warn(model + ": " + message);
  }
}
