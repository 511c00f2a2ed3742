package org.modelc.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.modelc.runtime.spec.ModelManifest;

/** What a publisher asks for before a model is loaded: a date not passed, a key. */
public final class Terms {
  /** The last day, in UTC, on which the model loads: {@code 2026-12-31}. */
  public static final String EXPIRES = "expires";

  /** How parameters are encrypted: {@value #AES}. */
  public static final String ENCRYPTION = "encryption";

  public static final String AES = "AES-256-GCM";

  /** The environment variable with a key, as 64 hexadecimal digits. */
  public static final String KEY = "MODELC_KEY";

  /** The environment variable with the path of a file that holds the digits. */
  public static final String KEY_FILE = "MODELC_KEY_FILE";

  /** Bytes of the nonce before the encrypted parameters. */
  public static final int NONCE = 12;

  private Terms() {}

  static void check(ModelManifest manifest) {
    String last = manifest.terms().get(EXPIRES);
    if (last != null && LocalDate.now(ZoneOffset.UTC).isAfter(LocalDate.parse(last))) {
      throw new ModelcException(
          "the licence of model " + manifest.name() + " ended on " + last,
          "ask its publisher for another jar; its terms: " + manifest.terms().get("licence"));
    }
  }

  /** Parameters as they were before encryption, in memory alone. */
  static byte[] open(ModelManifest manifest, byte[] bytes, Supplier<byte[]> supplier) {
    String kind = manifest.terms().get(ENCRYPTION);
    if (kind == null) {
      return bytes;
    }
    byte[] key = supplier == null ? environment(manifest.name(), System.getenv()) : supplier.get();
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(checked(key), "AES"),
          new GCMParameterSpec(128, bytes, 0, NONCE));
      cipher.updateAAD(manifest.name().getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(bytes, NONCE, bytes.length - NONCE);
    } catch (AEADBadTagException wrong) {
      throw new ModelcException(
          "the key does not open the parameters of model " + manifest.name(),
          "it is another key than the jar was made with",
          wrong);
    } catch (GeneralSecurityException e) {
      throw new ModelcException("parameters cannot be decrypted: " + e, "", e);
    }
  }

  private static byte[] environment(String model, Map<String, String> environment) {
    String digits = environment.get(KEY);
    String file = environment.get(KEY_FILE);
    if (digits == null && file == null) {
      throw new ModelcException(
          "the parameters of model " + model + " are encrypted and there is no key",
          "set " + KEY + " or " + KEY_FILE + ", or give it in code: Model.load(type, name, key)");
    }
    return digits != null ? key(digits) : keyOf(Path.of(file));
  }

  /**
   * A key from a file that holds its hexadecimal digits.
   *
   * @throws ModelcException if the file cannot be read or holds no key
   */
  public static byte[] keyOf(Path file) {
    try {
      return key(Files.readString(file));
    } catch (IOException e) {
      throw new ModelcException("the key file " + file + " cannot be read", "", e);
    }
  }

  /**
   * A key from 64 hexadecimal digits.
   *
   * @throws ModelcException if the text is no key; the text is not repeated
   */
  public static byte[] key(String digits) {
    String text = digits.strip();
    byte[] key = new byte[text.length() == 64 ? 32 : 0];
    for (int i = 0; i < key.length; i++) {
      int high = Character.digit(text.charAt(2 * i), 16);
      int low = Character.digit(text.charAt(2 * i + 1), 16);
      key[i] = (byte) (high << 4 | low);
      if (high < 0 || low < 0) {
        key = new byte[0];
      }
    }
    return checked(key);
  }

  private static byte[] checked(byte[] key) {
    if (key == null || key.length != 32) {
      throw new ModelcException(
          "a key is 32 bytes, 64 hexadecimal digits; this one is none",
          "openssl rand -hex 32 makes one");
    }
    return key;
  }
}
