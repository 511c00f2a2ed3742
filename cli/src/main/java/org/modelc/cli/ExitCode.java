package org.modelc.cli;

/** What the process says to its caller; DESIGN and README promise these numbers to scripts. */
enum ExitCode {
  SUCCESS(0),
  /** The user's mistake, or a requirement not met: a diagnostic has been written. */
  USER_ERROR(1),
  /** A command line that cannot be understood. */
  USAGE(2),
  /** Our mistake: a dump file has been written. */
  BUG(70),
  /** Ended by Ctrl-C, after a checkpoint where there was something to keep. */
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
