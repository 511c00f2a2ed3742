package org.modelc.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.jar.Publishing;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Terms;
import picocli.CommandLine.Option;

/** Under what terms a jar is published. */
final class PublishingOptions {
  @Option(
      names = {"--licence", "--license"},
      paramLabel = "TEXT",
      description = "The model's licence (default: the line `Licence:` of its doc comment).")
  private String licence;

  @Option(
      names = "--intended-use",
      paramLabel = "TEXT",
      description = "What the model is for (default: the line `Intended use:`).")
  private String intendedUse;

  @Option(
      names = "--expires",
      paramLabel = "DATE",
      description = "The last day on which the model loads, in UTC: 2026-12-31.")
  private String expires;

  @Option(
      names = "--encrypt-with",
      paramLabel = "FILE",
      description =
          "Encrypt the parameters (AES-256-GCM) with the key of a file: 64 hexadecimal digits, as"
              + " openssl rand -hex 32 makes them. Who loads the jar sets MODELC_KEY or"
              + " MODELC_KEY_FILE, or gives the key in code.")
  private Path keyFile;

  /**
   * The jar under the terms.
   *
   * @throws ModelcException if a term cannot be used
   */
  ModelJar published(ModelJar jar) {
    if (licence == null && intendedUse == null && expires == null && keyFile == null) {
      return jar;
    }
    byte[] key = keyFile == null ? null : Terms.keyOf(keyFile);
    return jar.published(new Publishing(licence, intendedUse, day(), key));
  }

  private LocalDate day() {
    try {
      return expires == null ? null : LocalDate.parse(expires);
    } catch (DateTimeParseException wrong) {
      throw new ModelcException(
          "--expires " + expires + " is no date", "dates look like 2026-12-31", wrong);
    }
  }

  /** Finds out before a training whether the terms can be used. */
  void check() {
    day();
    if (keyFile != null) {
      Terms.keyOf(keyFile);
    }
  }
}
