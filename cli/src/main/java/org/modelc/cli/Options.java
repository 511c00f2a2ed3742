package org.modelc.cli;

import org.modelc.runtime.ModelcException;

/** Checks of option values. */
final class Options {
  private Options() {}

  /**
   * @throws ModelcException if a number is too small
   */
  static void atLeast(String option, int value, int minimum) {
    if (value < minimum) {
      throw new ModelcException(option + " is " + value, "give " + minimum + " or more");
    }
  }
}
