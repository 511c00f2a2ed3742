package org.modelc.compiler.jar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPath;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import jdk.security.jarsigner.JarSignerException;
import org.modelc.runtime.AtomicFile;
import org.modelc.runtime.ModelcException;

/** Signs jars as {@code jarsigner} does, and checks such signatures. */
public final class JarSignatures {
  private JarSignatures() {}

  /**
   * Writes a signed copy of a jar.
   *
   * @param store a key store file, PKCS #12 or JKS
   * @param alias the key's name in it
   * @throws ModelcException if the key cannot be had or the jar cannot be signed
   */
  public static void sign(Path jar, Path target, Path store, String alias, char[] password) {
    KeyStore keys = open(store, password);
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      PrivateKey key = (PrivateKey) keys.getKey(alias, password);
      if (key == null) {
        throw new ModelcException(
            store + " has no key `" + alias + "`", "it has " + Collections.list(keys.aliases()));
      }
      CertPath chain =
          CertificateFactory.getInstance("X.509")
              .generateCertPath(Arrays.asList(keys.getCertificateChain(alias)));
      JarSigner signer =
          new JarSigner.Builder(key, chain).signerName("MODELC").digestAlgorithm("SHA-256").build();
      byte[] signed = sign(signer, zip);
      AtomicFile.write(target, out -> out.write(signed));
    } catch (GeneralSecurityException wrong) {
      throw new ModelcException(
          "the key `" + alias + "` of " + store + " cannot be used: " + wrong.getMessage(),
          "key and store must have the same password",
          wrong);
    } catch (IOException unreadable) {
      throw new ModelcException(
          jar + " cannot be read: " + unreadable.getMessage(), "is it a jar?", unreadable);
    }
  }

  /** In memory, since the signer closes what it writes to and the jar may replace itself. */
  private static byte[] sign(JarSigner signer, ZipFile zip) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      signer.sign(zip, out);
      return out.toByteArray();
    } catch (JarSignerException wrong) {
      throw new IOException(wrong.getMessage(), wrong);
    }
  }

  private static KeyStore open(Path store, char[] password) {
    if (!Files.isRegularFile(store)) {
      throw new ModelcException(
          "the key store " + store + " cannot be opened: there is no such file",
          "keytool -genkeypair makes one");
    }
    try {
      return KeyStore.getInstance(store.toFile(), password);
    } catch (IOException | GeneralSecurityException wrong) {
      throw new ModelcException(
          "the key store " + store + " cannot be opened: " + wrong.getMessage(),
          "check path and password",
          wrong);
    }
  }

  /**
   * The certificate of a file: PEM or DER.
   *
   * @throws ModelcException if there is none
   */
  public static X509Certificate certificate(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | GeneralSecurityException wrong) {
      throw new ModelcException(
          "there is no certificate in " + file,
          "keytool -exportcert -rfc -alias NAME -keystore STORE writes one",
          wrong);
    }
  }

  /**
   * Checks that all of a jar is signed and unchanged since.
   *
   * @param wanted who must have signed; null for anybody
   * @return the signers' certificates
   * @throws ModelcException if the jar is not signed, only in part, changed since, or signed by
   *     others
   */
  public static List<X509Certificate> verify(Path jar, X509Certificate wanted) {
    Set<X509Certificate> common = null;
    try (JarFile file = new JarFile(jar.toFile(), true)) {
      for (JarEntry entry : Collections.list(file.entries())) {
        readThrough(file, entry);
        if (!entry.isDirectory() && !isSignature(entry.getName())) {
          Set<X509Certificate> signers = signers(entry);
          if (signers.isEmpty()) {
            throw new ModelcException(
                jar
                    + " is not signed"
                    + (common == null ? "" : ": " + entry.getName() + " was added"),
                "modelc sign signs it");
          }
          common = common == null ? signers : common;
          common.retainAll(signers);
        }
      }
    } catch (SecurityException changed) {
      throw new ModelcException(
          jar + " was changed after it was signed: " + changed.getMessage(),
          "do not use it; get it anew from its publisher",
          changed);
    } catch (IOException unreadable) {
      throw new ModelcException(
          jar + " cannot be read: " + unreadable.getMessage(), "it may be truncated", unreadable);
    }
    List<X509Certificate> signers = common == null ? List.of() : List.copyOf(common);
    requireSigner(jar, wanted, signers);
    return signers;
  }

  private static void requireSigner(
      Path jar, X509Certificate wanted, List<X509Certificate> signers) {
    if (wanted != null && !signers.contains(wanted)) {
      List<String> names = new ArrayList<>();
      signers.forEach(each -> names.add(each.getSubjectX500Principal().getName()));
      throw new ModelcException(
          jar + " is signed by another key: " + String.join(", ", names),
          "wanted was " + wanted.getSubjectX500Principal().getName());
    }
  }

  /** An entry's digest is checked while it is read. */
  private static void readThrough(JarFile file, JarEntry entry) throws IOException {
    try (InputStream in = file.getInputStream(entry)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static boolean isSignature(String name) {
    return name.equals(JarFile.MANIFEST_NAME) || name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
  }

  private static Set<X509Certificate> signers(JarEntry entry) {
    Set<X509Certificate> certificates = new LinkedHashSet<>();
    CodeSigner[] signers = entry.getCodeSigners();
    if (signers != null) {
      for (CodeSigner signer : signers) {
        Certificate first = signer.getSignerCertPath().getCertificates().get(0);
        certificates.add((X509Certificate) first);
      }
    }
    return certificates;
  }
}
