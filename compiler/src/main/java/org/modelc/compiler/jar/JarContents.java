package org.modelc.compiler.jar;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/** Entries of a jar; equal entries give equal bytes, whenever and wherever they are written. */
final class JarContents {
  /**
   * Local, so that the time zone plays no part; not the first day that the format knows, which the
   * JDK takes for an earlier one and tells again with the time zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final double worth;
  private final Map<String, byte[]> entries = new TreeMap<>();
  private final Map<String, String> attributes = new TreeMap<>();

  /**
   * An archive with nothing in it.
   *
   * @param worth parameters are packed if at most this part of their bytes is left
   */
  JarContents(double worth) {
    this.worth = worth;
  }

  /** Adds or replaces an entry. */
  JarContents put(String name, byte[] bytes) {
    entries.put(name, bytes);
    return this;
  }

  /** Adds a line to the archive's own manifest. */
  JarContents attribute(String name, String value) {
    attributes.put(name, value);
    return this;
  }

  /** Writes the archive: the manifest, then the entries by name. */
  void write(OutputStream out) throws IOException {
    JarOutputStream jar = new JarOutputStream(out);
    jar.setLevel(Deflater.BEST_COMPRESSION);
    append(jar, JarFile.MANIFEST_NAME, manifest());
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      append(jar, entry.getKey(), entry.getValue());
    }
    jar.finish();
    jar.flush();
  }

  /** How many bytes {@link #write} writes. */
  long size() {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try {
      write(bytes);
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
    return bytes.size();
  }

  /** Whether packing is worth while, as it is where most weights were pruned to 0. */
  private boolean shrinks(byte[] bytes) {
    int zeros = 0;
    for (byte each : bytes) {
      zeros += each == 0 ? 1 : 0;
    }
    // What has few zeros hardly shrinks; those say so sooner than packing does.
    if (zeros < bytes.length * (1 - worth)) {
      return false;
    }
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] packed = new byte[(int) Math.max(1, bytes.length * worth)];
    deflater.deflate(packed);
    boolean done = deflater.finished();
    deflater.end();
    return done;
  }

  private byte[] manifest() throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach(main::putValue);
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  private void append(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    if (name.endsWith(".safetensors") && !shrinks(bytes)) {
      // Most weights hardly shrink; unpacking them would take a third of a cold start.
      CRC32 crc = new CRC32();
      crc.update(bytes);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
    }
    jar.putNextEntry(entry);
    jar.write(bytes);
    jar.closeEntry();
  }
}
