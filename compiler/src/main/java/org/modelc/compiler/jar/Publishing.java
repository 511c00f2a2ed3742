package org.modelc.compiler.jar;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.modelc.runtime.Terms;

/**
 * What a publisher asks for of those who use a jar.
 *
 * @param licence the licence's name; null for what the model's doc comment says
 * @param intendedUse what the model is for; null for what the doc comment says
 * @param expires the last day on which the model loads; null for ever
 * @param key encrypts the parameters, 32 bytes; null for plain ones
 */
public record Publishing(String licence, String intendedUse, LocalDate expires, byte[] key) {
  /** Nothing besides what the model file says. */
  public static final Publishing NOTHING = new Publishing(null, null, null, null);

  /** What goes into the manifest. */
  Map<String, String> terms(String said) {
    Map<String, String> terms = new TreeMap<>();
    if (expires != null) {
      terms.put(Terms.EXPIRES, expires.toString());
    }
    if (key != null) {
      terms.put(Terms.ENCRYPTION, Terms.AES);
    }
    String name = licence == null ? said : licence;
    if (!name.isEmpty()) {
      terms.put("licence", name);
    }
    return terms;
  }

  /**
   * Parameters as they go into the jar: nonce, ciphertext, tag. The nonce is a keyed hash of the
   * parameters, so that the same parameters give the same bytes and others another nonce.
   */
  byte[] sealed(String model, byte[] plain) {
    if (key == null) {
      return plain;
    }
    try {
      byte[] nonce = Arrays.copyOf(hash(model, plain), Terms.NONCE);
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
      cipher.updateAAD(model.getBytes(StandardCharsets.UTF_8));
      byte[] sealed = new byte[nonce.length + cipher.getOutputSize(plain.length)];
      System.arraycopy(nonce, 0, sealed, 0, nonce.length);
      cipher.doFinal(plain, 0, plain.length, sealed, nonce.length);
      return sealed;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has AES-256-GCM", impossible);
    }
  }

  private byte[] hash(String model, byte[] plain) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update(model.getBytes(StandardCharsets.UTF_8));
    return mac.doFinal(plain);
  }
}
