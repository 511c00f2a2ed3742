package org.modelc.cli;

import java.io.PrintStream;
import org.modelc.compiler.Compiler;

/** The {@code modelc} command. */
public final class Main {
  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    if (namesModel(arguments)) {
      Compiler.preload();
    }
    System.exit(run(arguments, System.out, System.err));
  }

  private static boolean namesModel(String[] arguments) {
    for (String argument : arguments) {
      if (argument.endsWith(".model")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Runs one command line.
   *
   * @param out takes what was asked for, and with {@code --json} nothing but one JSON object
   * @param error takes everything said to the user besides
   * @return the exit code
   */
  static int run(String[] arguments, PrintStream out, PrintStream error) {
    Terminal terminal = new Terminal(out, error);
    FailureReport failures = new FailureReport(terminal, arguments);
    try {
      return ModelcCommand.reading(arguments, terminal)
          .setOut(terminal.outWriter())
          .setErr(terminal.errorWriter())
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setExecutionExceptionHandler((failure, command, parsed) -> failures.report(failure))
          .setExitCodeExceptionMapper(failure -> ExitCode.USAGE.number())
          .execute(arguments);
    } catch (Error failure) { // Picocli's handler gets exceptions alone.
      return failures.report(failure);
    }
  }
}
