package org.modelc.testkit.fiber;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** g++, or what {@code -Dmodelc.gxx=PATH} names in its place. */
public final class HostCompiler {
  private static final String COMPILER = System.getProperty("modelc.gxx", "g++");

  private HostCompiler() {}

  /** Whether this machine has it. */
  public static boolean isAvailable() {
    try {
      return ChildProcess.run(List.of(COMPILER, "--version"), Map.of()).status() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  /**
   * Compiles.
   *
   * @param what is compiled, for the message
   * @throws IOException if it refuses; with what it said
   */
  public static void run(List<String> arguments, String what) throws IOException {
    List<String> command = new ArrayList<>(List.of(COMPILER));
    command.addAll(arguments);
    ChildProcess.Ended ended = ChildProcess.run(command, Map.of());
    if (ended.status() != 0) {
      throw new IOException(COMPILER + " cannot compile " + what + ":\n" + ended.output());
    }
  }
}
