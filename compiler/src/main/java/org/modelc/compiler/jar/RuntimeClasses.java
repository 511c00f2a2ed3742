package org.modelc.compiler.jar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.cuda.CudaCode;

/** The runtime's class files, from where this process loaded them: a folder or a jar. */
final class RuntimeClasses {
  /** Where they lie in a jar. */
  static final String FOLDER = "org/modelc/runtime";

  private RuntimeClasses() {}

  /** Class files by entry name. */
  static Map<String, byte[]> read() {
    return read(CompiledProgram.class);
  }

  /** What launches code of GPUs: class files by entry name. */
  static Map<String, byte[]> readCuda() {
    return read(CudaCode.class);
  }

  private static Map<String, byte[]> read(Class<?> one) {
    try {
      URI place = one.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path path = Path.of(place);
      if (Files.isDirectory(path)) {
        return read(path);
      }
      try (FileSystem jar = FileSystems.newFileSystem(path)) {
        return read(jar.getPath("/"));
      }
    } catch (URISyntaxException | IOException unreadable) {
      throw new IllegalStateException("the runtime's classes cannot be read", unreadable);
    }
  }

  private static Map<String, byte[]> read(Path root) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root.resolve(FOLDER))) {
      files
          .filter(file -> file.toString().endsWith(".class"))
          .forEach(file -> classes.put(entryName(root, file), bytes(file)));
    }
    return classes;
  }

  private static String entryName(Path root, Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
