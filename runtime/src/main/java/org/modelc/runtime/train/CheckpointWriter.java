package org.modelc.runtime.train;

import java.nio.file.Files;
import java.nio.file.Path;
import org.modelc.runtime.ModelcException;

/**
 * Decides when a training is saved: every so many epochs, or every few seconds if the recipe is
 * silent.
 */
final class CheckpointWriter {
  private static final long NANOS_BETWEEN = 3_000_000_000L;

  private final Checkpoint checkpoint;
  private final Path file;
  private final int every;
  private final TrainingListener listener;
  private long last = System.nanoTime();

  CheckpointWriter(Checkpoint checkpoint, Path file, int every, TrainingListener listener) {
    this.checkpoint = checkpoint;
    this.file = file;
    this.every = every;
    this.listener = listener;
  }

  void restore(TrainingState state) {
    if (file != null && Files.exists(file)) {
      checkpoint.read(file, state);
    }
  }

  void epochFinished(TrainingState state) {
    boolean due = every > 0 ? state.epoch % every == 0 : System.nanoTime() - last >= NANOS_BETWEEN;
    if (due) {
      writeIfPossible(state);
    }
  }

  /** A result that then cannot be written elsewhere is not lost. */
  void finished(TrainingState state) {
    if (file != null) {
      writeIfPossible(state);
    }
  }

  /** What has been learned is in memory still: a full disk is said and does not end a training. */
  private void writeIfPossible(TrainingState state) {
    try {
      write(state);
    } catch (ModelcException unwritable) {
      last = System.nanoTime();
      listener.warning("no checkpoint this time, the training goes on: " + unwritable.getMessage());
    }
  }

  void write(TrainingState state) {
    if (file != null) {
      checkpoint.write(file, state);
      last = System.nanoTime();
      listener.checkpointed(file);
    }
  }
}
