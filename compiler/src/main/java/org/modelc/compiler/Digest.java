package org.modelc.compiler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.modelc.runtime.ModelcException;

/** SHA-256 of what goes into a model, as 64 hexadecimal digits. */
public final class Digest {
  private static final int CHUNK = 1 << 16;

  private final MessageDigest sha256;

  private Digest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** Of bytes. */
  public static String of(byte[] bytes) {
    Digest digest = new Digest();
    digest.sha256.update(bytes);
    return digest.text();
  }

  /** Of a text's UTF-8 bytes. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Of a file's bytes; of a folder's files with their names, wherever the folder lies.
   *
   * @throws ModelcException if it cannot be read
   */
  public static String of(Path path) {
    Digest digest = new Digest();
    try {
      if (Files.isDirectory(path)) {
        digest.addFolder(path);
      } else {
        digest.addFile(path);
      }
    } catch (IOException | UncheckedIOException unreadable) {
      throw new ModelcException(
          path + " cannot be read", Files.exists(path) ? "" : "there is no such file", unreadable);
    }
    return digest.text();
  }

  private void addFolder(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        sha256.update((name + "\n").getBytes(StandardCharsets.UTF_8));
        sha256.update((Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
        addFile(file);
      }
    }
  }

  private void addFile(Path file) throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        sha256.update(chunk, 0, length);
      }
    }
  }

  private String text() {
    return HexFormat.of().formatHex(sha256.digest());
  }
}
