package org.modelc.cli;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticRenderer;

/** The two streams of a command: results on one, everything said besides on the other. */
final class Terminal {
  private final PrintStream out;
  private final PrintStream error;
  private final boolean interactive;
  private final boolean colour;

  Terminal(PrintStream out, PrintStream error) {
    this.out = out;
    this.error = error;
    this.interactive = isTerminal();
    this.colour = interactive && System.getenv("NO_COLOR") == null;
  }

  /**
   * Up to Java 21 there is a console only on a terminal; since then there is always one, and it
   * tells.
   */
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException beforeJava22) {
      return true;
    } catch (ReflectiveOperationException unknown) {
      return false;
    }
  }

  /** Writes a line of the result. */
  void result(String line) {
    out.println(line);
    out.flush();
  }

  /** Says a line to the user, apart from the result. */
  void say(String line) {
    error.println(line);
    error.flush();
  }

  /** Shows a diagnostic with its source line. */
  void show(Diagnostic diagnostic) {
    error.print(new DiagnosticRenderer(colour).render(diagnostic));
    error.flush();
  }

  /** Whether a person is watching, so that a bar may redraw itself. */
  boolean isInteractive() {
    return interactive;
  }

  PrintStream error() {
    return error;
  }

  PrintWriter outWriter() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  PrintWriter errorWriter() {
    return new PrintWriter(error, true, StandardCharsets.UTF_8);
  }
}
