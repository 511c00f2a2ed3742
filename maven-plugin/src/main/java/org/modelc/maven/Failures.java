package org.modelc.maven;

import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.ModelcException;

/** Tells mistakes in the form that editors and build servers turn into links. */
final class Failures {
  private Failures() {}

  /** Work that may fail. */
  interface Work {
    void run() throws MojoFailureException, MojoExecutionException;
  }

  /**
   * Runs something; the user's mistakes become build failures without a stack trace, ours keep it.
   */
  static void told(Log log, Work work) throws MojoFailureException, MojoExecutionException {
    try {
      work.run();
    } catch (DiagnosticException mistakes) {
      mistakes.diagnostics().forEach(each -> log(log, each));
      throw new MojoFailureException(summary(mistakes));
    } catch (ModelcException mistake) {
      throw new MojoFailureException(
          mistake.getMessage() + (mistake.hint().isEmpty() ? "" : "\n  hint: " + mistake.hint()));
    } catch (RuntimeException bug) {
      throw new MojoExecutionException(
          "internal error: " + bug + ". This is a mistake of modelc, not yours; please report it.",
          bug);
    }
  }

  private static void log(Log log, Diagnostic each) {
    String line = line(each);
    if (each.isError()) {
      log.error(line);
    } else {
      log.warn(line);
    }
  }

  private static String summary(DiagnosticException mistakes) {
    int count = mistakes.diagnostics().size();
    String first = line(mistakes.diagnostics().get(0));
    return count == 1 ? first : count + " mistakes in models, the first being\n" + first;
  }

  /** {@code /path/digits.model:[7,14] E204 message}, as the Java compiler's mistakes are told. */
  static String line(Diagnostic diagnostic) {
    StringBuilder text = new StringBuilder(place(diagnostic.span()));
    text.append(diagnostic.code().code()).append(' ').append(diagnostic.message());
    for (Diagnostic.Note note : diagnostic.notes()) {
      text.append("\n  ").append(place(note.span())).append(note.message());
    }
    diagnostic.hint().ifPresent(hint -> text.append("\n  hint: ").append(hint));
    return text.toString();
  }

  private static String place(SourceSpan span) {
    return span.isNone() ? "" : span.file() + ":[" + span.line() + "," + span.column() + "] ";
  }
}
