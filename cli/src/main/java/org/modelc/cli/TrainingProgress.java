package org.modelc.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.modelc.runtime.train.EpochResult;
import org.modelc.runtime.train.TrainingListener;

/**
 * Shows a training: a bar where a person is watching, a line an epoch in any case where none is.
 */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private static final int WIDTH = 110;

  private final Terminal terminal;
  private final boolean drawn;
  private ProgressBar bar;
  private int epochs;
  private int stepsPerEpoch;
  private int rows;
  private String measures = "";

  TrainingProgress(Terminal terminal) {
    this(terminal, terminal.isInteractive());
  }

  /**
   * @param drawn whether to draw a bar rather than to write lines
   */
  TrainingProgress(Terminal terminal, boolean drawn) {
    this.terminal = terminal;
    this.drawn = drawn;
  }

  @Override
  public void started(int epochsDone, int allEpochs, int trainingRows, int steps) {
    epochs = allEpochs;
    stepsPerEpoch = steps;
    rows = trainingRows;
    String from = epochsDone > 0 ? ", going on after epoch " + epochsDone : "";
    say(
        "training: "
            + trainingRows
            + " rows, "
            + allEpochs
            + " epochs of "
            + steps
            + " steps"
            + from);
    if (drawn) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("epoch")
              .setInitialMax((long) allEpochs * steps)
              .startsFrom((long) epochsDone * steps, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setMaxRenderedLength(WIDTH)
              .continuousUpdate()
              .hideEta()
              .setEtaFunction(state -> Optional.empty())
              .setConsumer(new ConsoleProgressBarConsumer(terminal.error(), WIDTH))
              .build();
    }
  }

  @Override
  public void stepped(Step step) {
    if (bar == null) {
      return;
    }
    bar.stepTo((long) (step.epoch() - 1) * stepsPerEpoch + step.done());
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            " %d/%d loss %.4f, %s left, %,.0f rows/s%s",
            step.epoch(),
            epochs,
            step.loss(),
            time(step.secondsLeft()),
            step.samplesPerSecond(),
            measures));
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60);
  }

  @Override
  public void logged(long step, double runningLoss) {
    say(String.format(Locale.ROOT, "step %d: running loss %.6g", step, runningLoss));
  }

  @Override
  public void epochFinished(EpochResult result) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Double> measure : new java.util.TreeMap<>(result.metrics()).entrySet()) {
      text.append(String.format(Locale.ROOT, ", %s %.4f", measure.getKey(), measure.getValue()));
    }
    measures = text.toString();
    if (!drawn) {
      String validation =
          Double.isNaN(result.validationLoss())
              ? ""
              : String.format(Locale.ROOT, ", validation loss %.4f", result.validationLoss());
      double speed = result.seconds() > 0 ? rows / result.seconds() : 0;
      say(
          String.format(
              Locale.ROOT,
              "epoch %d/%d: loss %.4f%s%s, %,.0f rows/s%s",
              result.epoch(),
              epochs,
              result.loss(),
              validation,
              text,
              speed,
              result.best() ? " (best)" : ""));
    }
  }

  @Override
  public void badStep(long step, String what) {
    say("step " + step + " changed nothing: " + what);
  }

  @Override
  public void checkpointed(Path file) {
    // Regular checkpoints are not worth a line each; the command names the file when it matters.
  }

  @Override
  public void warning(String message) {
    say("warning: " + message);
  }

  /** Lines go above the bar, which is redrawn below them. */
  private void say(String line) {
    if (bar == null) {
      terminal.say(line);
      return;
    }
    terminal.error().print("\r\u001b[K");
    terminal.say(line);
    bar.refresh();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
