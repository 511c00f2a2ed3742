package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.train.EpochResult;
import org.modelc.runtime.train.TrainingListener.Step;

/** What a person sees of a training, with a terminal and without one. */
class TrainingProgressTest {
  private final ByteArrayOutputStream results = new ByteArrayOutputStream();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  /** Two epochs of ten steps over 320 rows; the second is shown at its eighth step. */
  private String train(boolean drawn) {
    Terminal terminal = new Terminal(stream(results), stream(said));
    try (TrainingProgress progress = new TrainingProgress(terminal, drawn)) {
      progress.started(0, 2, 320, 10);
      progress.stepped(new Step(1, 10, 10, 10, 0.75, 0.1, 4000, 95.4));
      progress.epochFinished(
          new EpochResult(
              1, 10, 0.7, 0.6, Map.of("accuracy", 0.875), Map.of(), 0.1, 0, true, 0.08));
      progress.stepped(new Step(2, 18, 8, 10, 0.5, 0.1, 4100, 7.6));
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void aTerminalGetsABarWithEpochLossMetricSpeedAndTimeLeft() {
    String text = train(true);
    assertThat(text).contains("training: 320 rows, 2 epochs of 10 steps");
    // The bar as it stands at the end: 18 of 20 steps.
    String last = text.strip().substring(text.strip().lastIndexOf('\r') + 1);
    assertThat(last)
        .contains("epoch", "90%", "18/20", "2/2 loss 0.5000", "8 s left", "4,100 rows/s")
        .contains("accuracy 0.8750");
    assertThat(results.size()).isZero();
  }

  @Test
  void aFileGetsALineAnEpoch() {
    assertThat(train(false).lines())
        .containsExactly(
            "training: 320 rows, 2 epochs of 10 steps",
            "epoch 1/2: loss 0.7000, validation loss 0.6000, accuracy 0.8750, 4,000 rows/s (best)");
    assertThat(results.size()).isZero();
  }

  @Test
  void longTimesAreInMinutes() {
    Terminal terminal = new Terminal(stream(results), stream(said));
    try (TrainingProgress progress = new TrainingProgress(terminal, true)) {
      progress.started(0, 100, 320, 10);
      progress.stepped(new Step(1, 1, 1, 10, 0.75, 0.1, 4000, 95.4));
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("1:35 min left");
  }
}
