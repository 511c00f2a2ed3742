package org.modelc.runtime;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The files beside a model's classes, with the checksums that the manifest has of them. */
public final class ModelFiles {
  /** No deflated byte becomes more. */
  private static final long MOST_INFLATED = 1032;

  private static final int TURN = 1 << 16;

  private final ClassLoader loader;
  private final File jar;
  private final Map<String, String> crc32;

  private ModelFiles(ClassLoader loader, File jar, Map<String, String> crc32) {
    this.loader = loader;
    this.jar = jar;
    this.crc32 = crc32;
  }

  /**
   * What a class loader has.
   *
   * @param crc32 checksums of resources by name; what has none is not checked
   */
  public static ModelFiles of(ClassLoader loader, Map<String, String> crc32) {
    return new ModelFiles(loader, null, crc32);
  }

  /**
   * What is in a class's jar, or else its class loader has: a loader asks all above it first, which
   * takes a new process longer than reading.
   */
  static ModelFiles of(Class<?> owner) {
    CodeSource source = owner.getProtectionDomain().getCodeSource();
    URL place = source == null ? null : source.getLocation();
    File file = null;
    if (place != null && "file".equals(place.getProtocol()) && place.getPath().endsWith(".jar")) {
      try {
        file = new File(URI.create(place.toString()));
      } catch (IllegalArgumentException e) {
        // Then the class loader is asked.
      }
    }
    return new ModelFiles(owner.getClassLoader(), file, Map.of());
  }

  /** The same files with checksums. */
  ModelFiles with(Map<String, String> checksums) {
    return new ModelFiles(loader, jar, checksums);
  }

  /** The loader of the model's classes. */
  public ClassLoader loader() {
    return loader;
  }

  /** Whether the manifest knows a file. */
  public boolean has(String name) {
    return crc32.containsKey(name);
  }

  /**
   * A file's bytes.
   *
   * @throws FormatException if it is not there or has another checksum
   */
  public byte[] read(String name) {
    byte[] bytes = inJar(name);
    if (bytes == null) {
      try (InputStream in = loader.getResourceAsStream(name)) {
        if (in == null) {
          throw new FormatException(
              "there is no " + name + " on the class path",
              "put the model's jar there, or make it again");
        }
        bytes = in.readAllBytes();
      } catch (IOException e) {
        throw new FormatException("cannot read " + name + ": " + e.getMessage(), "", e);
      }
    }
    String expected = crc32.get(name);
    String actual = expected == null ? null : crc32(bytes);
    if (expected != null && !expected.equals(actual)) {
      throw new FormatException(
          name + " is corrupt: its checksum is " + actual + ", the manifest says " + expected,
          "make the jar again");
    }
    return bytes;
  }

  static String crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    String digits = Long.toHexString(crc.getValue());
    return "00000000".substring(digits.length()) + digits;
  }

  /**
   * A stream's bytes, into one array if it can be as long as the jar says: without that, Java joins
   * pieces. Read in turns that Java has room for; for longer ones it asks the system for memory.
   */
  private byte[] bytes(InputStream in, long size) throws IOException {
    if (size < 0 || size > Math.min(Integer.MAX_VALUE / 2, MOST_INFLATED * jar.length())) {
      return in.readAllBytes();
    }
    byte[] bytes = new byte[(int) size];
    int read = 0;
    int turn = 1;
    while (read < bytes.length && turn > 0) {
      turn = in.readNBytes(bytes, read, Math.min(TURN, bytes.length - read));
      read += turn;
    }
    return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
  }

  /** Null if the jar is not known, or lacks the file. */
  private byte[] inJar(String name) {
    if (jar == null) {
      return null;
    }
    try (ZipFile zip = new ZipFile(jar)) {
      ZipEntry entry = zip.getEntry(name);
      return entry == null ? null : bytes(zip.getInputStream(entry), entry.getSize());
    } catch (IOException e) {
      return null;
    }
  }
}
