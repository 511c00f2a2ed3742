package org.modelc.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.modelc.runtime.AtomicFile;

/**
 * A model jar in a folder, with what it was made from beside it: {@code Digits.jar}, {@code
 * Digits.inputs}, {@code Digits-report.html}.
 *
 * @param folder the folder
 * @param name the model's name
 */
record KeptModel(Path folder, String name) {
  private static final String SEPARATOR = ": ";

  Path jar() {
    return folder.resolve(name + ".jar");
  }

  Path report() {
    return folder.resolve(name + "-report.html");
  }

  private Path inputs() {
    return folder.resolve(name + ".inputs");
  }

  /** What the jar was made from; empty if there is no whole jar. */
  Optional<Fingerprint> fingerprint() {
    if (!Files.isRegularFile(inputs()) || !Files.isRegularFile(jar())) {
      return Optional.empty();
    }
    Map<String, String> parts = new LinkedHashMap<>();
    for (String line : lines(inputs())) {
      int at = line.lastIndexOf(SEPARATOR);
      if (at > 0) {
        parts.put(line.substring(0, at), line.substring(at + SEPARATOR.length()));
      }
    }
    return Optional.of(new Fingerprint(parts));
  }

  /** Whether the jar was made from just this. */
  boolean isOf(Fingerprint wanted) {
    return fingerprint().filter(wanted::equals).isPresent();
  }

  /** Says that jar and report are of these inputs; to be called once they are written. */
  void seal(Fingerprint inputs) {
    StringBuilder text = new StringBuilder();
    inputs
        .parts()
        .forEach((part, value) -> text.append(part).append(SEPARATOR).append(value).append('\n'));
    write(inputs(), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Forgets what the jar was made from, so that a broken write is no jar at all. */
  void unseal() {
    delete(inputs());
  }

  static void write(Path file, byte[] bytes) {
    AtomicFile.write(file, out -> out.write(bytes));
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException stuck) {
      throw new UncheckedIOException(stuck);
    }
  }

  static java.util.List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
