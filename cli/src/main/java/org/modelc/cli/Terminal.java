package org.modelc.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticRenderer;

/** The two streams of a command: results on one, everything said besides on the other. */
final class Terminal {
  private final PrintStream out;
  private final PrintStream error;
  private final boolean colour;

  Terminal(PrintStream out, PrintStream error) {
    this.out = out;
    this.error = error;
    this.colour = System.console() != null && System.getenv("NO_COLOR") == null;
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
    return System.console() != null;
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
