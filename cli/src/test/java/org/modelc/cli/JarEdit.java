package org.modelc.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Makes damaged jars from good ones. */
final class JarEdit {
  private JarEdit() {}

  /** Copies a jar with one entry's text changed. */
  static void replace(Path from, Path to, String entry, UnaryOperator<String> change)
      throws IOException {
    Files.copy(from, to);
    try (FileSystem jar = FileSystems.newFileSystem(to)) {
      Path path = jar.getPath(entry);
      String changed = change.apply(Files.readString(path, StandardCharsets.UTF_8));
      Files.writeString(path, changed, StandardCharsets.UTF_8);
    }
  }
}
