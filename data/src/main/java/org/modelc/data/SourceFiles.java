package org.modelc.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.DataException;

/** Finds the files that a source names, and says well what is wrong with them. */
public final class SourceFiles {
  private SourceFiles() {}

  /**
   * A readable file.
   *
   * @param base the folder that relative paths start from
   * @throws DataException if there is none; the hint has a file of a similar name
   */
  public static Path file(Path base, String name) {
    Path path = base.resolve(name);
    if (Files.isDirectory(path)) {
      throw new DataException(path + " is a folder, a file is wanted", "");
    }
    if (!Files.isReadable(path)) {
      throw missing(path);
    }
    return path;
  }

  /** A folder, with the same rules. */
  public static Path folder(Path base, String name) {
    Path path = base.resolve(name);
    if (!Files.isDirectory(path)) {
      if (Files.exists(path)) {
        throw new DataException(path + " is a file, a folder is wanted", "");
      }
      throw missing(path);
    }
    return path;
  }

  /** What an {@link IOException} on a file means to the user. */
  public static DataException unreadable(Path path, IOException cause) {
    boolean gone = cause instanceof NoSuchFileException;
    String reason = gone ? "it does not exist" : String.valueOf(cause.getMessage());
    return new DataException("cannot read " + path + ": " + reason, "", cause);
  }

  private static DataException missing(Path path) {
    if (Files.exists(path)) {
      return new DataException("cannot read " + path, "its permissions forbid it");
    }
    return new DataException("there is no file " + path, neighbours(path));
  }

  private static String neighbours(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return "there is no folder " + folder + " either";
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries.limit(1000).forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (IOException e) {
      return "";
    }
    return names.isEmpty()
        ? "the folder is empty"
        : NearestName.hint(path.getFileName().toString(), names.stream().sorted().toList());
  }
}
