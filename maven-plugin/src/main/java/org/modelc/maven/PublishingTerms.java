package org.modelc.maven;

import java.io.File;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.modelc.compiler.jar.Publishing;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Terms;

/** A project's terms as its configuration says them; null for what it does not say. */
record PublishingTerms(
    String licence, String intendedUse, String expires, boolean encrypt, File keyFile) {
  /**
   * The terms with date and key.
   *
   * @throws ModelcException if the date is none, or there is no key and should be one
   */
  Publishing read(Map<String, String> environment) {
    byte[] key = key(environment);
    boolean nothing = licence == null && intendedUse == null && expires == null && key == null;
    return nothing ? Publishing.NOTHING : new Publishing(licence, intendedUse, day(), key);
  }

  private LocalDate day() {
    try {
      return expires == null ? null : LocalDate.parse(expires);
    } catch (DateTimeParseException wrong) {
      throw new ModelcException(
          "<expires> " + expires + " is no date", "dates look like 2026-12-31", wrong);
    }
  }

  private byte[] key(Map<String, String> environment) {
    if (keyFile != null) {
      return Terms.keyOf(keyFile.toPath());
    }
    if (!encrypt) {
      return null;
    }
    String digits = environment.get(Terms.KEY);
    String file = environment.get(Terms.KEY_FILE);
    if (digits == null && file == null) {
      throw new ModelcException(
          "parameters are to be encrypted and there is no key",
          "set " + Terms.KEY + " or " + Terms.KEY_FILE + ", or say <keyFile>");
    }
    return digits != null ? Terms.key(digits) : Terms.keyOf(Path.of(file));
  }
}
