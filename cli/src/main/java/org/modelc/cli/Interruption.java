package org.modelc.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C during a training: asks it to stop, waits until it has saved its state, and ends the
 * process with exit code 130.
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Runnable cancel) {
    this.hook = new Thread(() -> stop(cancel), "modelc-interruption");
  }

  /** Arms the handler. */
  static Interruption of(Runnable cancel) {
    Interruption interruption = new Interruption(cancel);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** In the shutdown hook: the signal has come, the training's thread still runs. */
  private void stop(Runnable cancel) {
    cancel.run();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("the training did not stop; its last regular checkpoint stays");
      }
    } catch (InterruptedException gaveUp) {
      Thread.currentThread().interrupt();
    }
    // The JVM's own exit code after a signal is 128 + its number; 143 for TERM becomes 130 as well.
    System.err.flush();
    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
  }

  /**
   * The training has ended, by itself, by an error or because it was told to: its state is saved.
   */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The signal has come: the hook ends the process now.
      done.countDown();
    }
  }
}
