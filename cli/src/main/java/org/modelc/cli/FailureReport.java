package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.modelc.compiler.Reproducers;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.runtime.ModelcException;

/**
 * Says what went wrong. The user's mistakes come as {@link DiagnosticException}, {@link
 * ModelcException} or {@link IOException} and are told without a stack trace; anything else is ours
 * and goes to a dump file.
 */
final class FailureReport {
  private final Terminal terminal;
  private final List<String> arguments;

  FailureReport(Terminal terminal, String[] arguments) {
    this.terminal = terminal;
    this.arguments = List.of(arguments);
  }

  /** Tells the user and gives the exit code. */
  int report(Throwable failure) {
    if (failure instanceof DiagnosticException mistakes) {
      mistakes.diagnostics().forEach(terminal::show);
      result(CheckCommand.json(mistakes.diagnostics()));
      return ExitCode.USER_ERROR.number();
    }
    if (failure instanceof ModelcException mistake) {
      return userError(mistake.getMessage(), mistake.hint());
    }
    if (failure instanceof IOException input) {
      return userError(fileMessage(input), "");
    }
    if (failure instanceof OutOfMemoryError) {
      return userError(
          "out of memory at " + (Runtime.getRuntime().maxMemory() >> 20) + " MB of heap",
          "allow more with MODELC_JAVA_OPTIONS=-Xmx8g, or use a smaller batch");
    }
    return bug(failure);
  }

  /** With {@code --json} a script finds the mistake where it looks for the result. */
  private void result(ObjectNode object) {
    if (arguments.contains("--json")) {
      terminal.result(JsonText.line(object));
    }
  }

  private int userError(String message, String hint) {
    terminal.say("error: " + message);
    if (!hint.isEmpty()) {
      terminal.say("  hint: " + hint);
    }
    result(CheckCommand.json(message, hint));
    return ExitCode.USER_ERROR.number();
  }

  /** Java's own message of a missing file is the path alone. */
  private static String fileMessage(IOException failure) {
    if (failure instanceof FileSystemException file) {
      String reason = file.getReason() == null ? reasonOf(file) : file.getReason();
      return file.getFile() + ": " + reason;
    }
    return String.valueOf(failure.getMessage());
  }

  private static String reasonOf(FileSystemException failure) {
    return switch (failure.getClass().getSimpleName()) {
      case "NoSuchFileException" -> "no such file or folder";
      case "AccessDeniedException" -> "permission denied";
      case "FileAlreadyExistsException" -> "exists already";
      case "NotDirectoryException" -> "not a folder";
      case "DirectoryNotEmptyException" -> "folder not empty";
      default -> "cannot be used (" + failure.getClass().getSimpleName() + ")";
    };
  }

  private int bug(Throwable failure) {
    terminal.say("internal error: " + failure);
    ObjectNode object = CheckCommand.json("internal error: " + failure, "");
    try {
      Path dump = Files.createTempFile("modelc-dump-", ".txt");
      Files.writeString(dump, dumpText(failure), StandardCharsets.UTF_8);
      terminal.say(
          "This is a mistake of modelc, not yours. Please report it with the file " + dump);
      object.put("dump", dump.toString());
    } catch (IOException unwritable) {
      terminal.say(
          "No dump file could be written (" + unwritable + "); this is what it would hold:");
      terminal.say(dumpText(failure));
    }
    result(object);
    return ExitCode.BUG.number();
  }

  private String dumpText(Throwable failure) {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      out.println("modelc " + Version.text() + " " + String.join(" ", arguments));
      for (String property : List.of("java.version", "java.vendor", "os.name", "os.arch")) {
        out.println(property + " = " + System.getProperty(property));
      }
      out.println("processors = " + Runtime.getRuntime().availableProcessors());
      out.println("heap = " + Runtime.getRuntime().maxMemory());
      out.println();
      failure.printStackTrace(out);
      for (String reproducer : Reproducers.of(failure)) {
        out.println();
        out.println(reproducer);
      }
    }
    return text.toString();
  }
}
