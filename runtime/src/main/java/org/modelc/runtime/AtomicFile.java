package org.modelc.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files whole or not at all: beside the target first, then moved over it. What names
 * exceptions of files stands here, so that a process that reads none need not load them.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the contents. */
  public interface Contents {
    void writeTo(OutputStream out) throws IOException;
  }

  static void write(Path path, Safetensors tensors) {
    write(
        path,
        new Contents() {
          @Override
          public void writeTo(OutputStream out) throws IOException {
            tensors.write(out);
          }
        });
  }

  static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new ModelcException("there is no file " + path, "check the path", e);
    } catch (IOException e) {
      throw new ModelcException("cannot read " + path + ": " + e.getMessage(), "", e);
    }
  }

  /**
   * Writes a file, making its folder if there is none. What was there stays if writing fails.
   *
   * @throws ModelcException if the place cannot be written or the disk is full
   */
  public static void write(Path path, Contents contents) {
    Path folder = path.toAbsolutePath().getParent();
    Path temporary = null;
    try {
      Files.createDirectories(folder);
      Path part = folder.resolve("." + path.getFileName() + "." + System.nanoTime() + ".part");
      try (FileChannel channel = open(part)) {
        temporary = part;
        OutputStream out = Channels.newOutputStream(channel);
        contents.writeTo(out);
        out.flush();
        channel.force(true);
      }
      move(temporary, path);
      temporary = null;
    } catch (IOException e) {
      throw new ModelcException(
          "cannot write " + path + ": " + reason(e),
          "check that the folder exists, is writable and has space; the old file is unchanged",
          e);
    } finally {
      delete(temporary);
    }
  }

  /**
   * Opens a new file with the user's own permissions; those of temporary files are for one alone.
   */
  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String reason(IOException e) {
    boolean bare = e.getMessage() == null || e instanceof java.nio.file.FileSystemException;
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    return bare ? kind + " " + e.getMessage() : e.getMessage();
  }

  private static void delete(Path temporary) {
    try {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException leftover) {
      // The error that stopped the writing is the one to report.
    }
  }
}
