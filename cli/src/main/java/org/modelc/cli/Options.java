package org.modelc.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of option values. */
final class Options {
  private Options() {}

  /**
   * Wrong usage, if a number is too small.
   *
   * @param value null if the option was not given
   */
  static void atLeast(CommandSpec command, String option, Integer value, int minimum) {
    if (value != null && value < minimum) {
      throw new ParameterException(
          command.commandLine(), option + " is " + value + ": give " + minimum + " or more");
    }
  }
}
