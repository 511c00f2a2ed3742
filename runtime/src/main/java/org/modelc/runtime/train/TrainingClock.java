package org.modelc.runtime.train;

/** Time spent, speed and time left. */
final class TrainingClock {
  private final TrainingState state;
  private final long rowsBefore;
  private final double secondsBefore;
  private long last;
  private double epochSeconds;

  TrainingClock(TrainingState state) {
    this.state = state;
    this.rowsBefore = state.rows;
    this.secondsBefore = state.seconds;
  }

  void startEpoch() {
    last = System.nanoTime();
    epochSeconds = 0;
  }

  void stepped() {
    long now = System.nanoTime();
    double seconds = (now - last) * 1e-9;
    last = now;
    epochSeconds += seconds;
    state.seconds += seconds;
  }

  double finishEpoch() {
    stepped();
    return epochSeconds;
  }

  TrainingListener.Step event(int batches, int epochs, int rows, double loss, double rate) {
    double seconds = Math.max(1e-9, state.seconds - secondsBefore);
    double speed = (state.rows - rowsBefore) / seconds;
    double epochsLeft = epochs - state.epoch - (double) state.batch / batches;

    return new TrainingListener.Step(
        state.epoch + 1,
        state.step,
        state.batch,
        batches,
        loss,
        rate,
        speed,
        rows * epochsLeft / speed);
  }
}
