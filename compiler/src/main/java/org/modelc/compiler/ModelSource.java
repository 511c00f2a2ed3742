package org.modelc.compiler;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;

/**
 * A model file's text and the folder that its data paths start from.
 *
 * @param text the text, named as the user named the file
 * @param folder where relative paths in the text start
 */
public record ModelSource(SourceText text, Path folder) {
  /**
   * Reads a file.
   *
   * @throws DiagnosticException if it is missing, a folder, unreadable or no UTF-8 text
   */
  public static ModelSource read(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      Path folder = file.toAbsolutePath().normalize().getParent();
      return new ModelSource(new SourceText(file.toString(), text), folder);
    } catch (CharacterCodingException binary) {
      throw unreadable(DiagnosticCode.CORRUPT_FILE, file + " is no UTF-8 text");
    } catch (IOException missing) {
      throw unreadable(DiagnosticCode.UNREADABLE_FILE, file + " cannot be read: " + reason(file));
    }
  }

  /** A text from a program; paths in it start from the folder. */
  public static ModelSource of(String name, String text, Path folder) {
    return new ModelSource(new SourceText(name, text), folder);
  }

  private static String reason(Path file) {
    if (!Files.exists(file)) {
      return "there is no such file";
    }
    return Files.isDirectory(file) ? "it is a folder" : "permission denied";
  }

  private static DiagnosticException unreadable(DiagnosticCode code, String message) {
    return new DiagnosticException(Diagnostic.of(code, SourceSpan.NONE, message));
  }
}
