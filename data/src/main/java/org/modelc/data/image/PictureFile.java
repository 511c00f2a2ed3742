package org.modelc.data.image;

import java.lang.ref.SoftReference;
import java.nio.file.Path;

/** A picture of a folder, with its decoded bytes while there is memory for them. */
final class PictureFile {
  private final Path path;
  private final String label;
  private volatile boolean broken;
  private volatile byte[] kept;
  private volatile SoftReference<byte[]> cached = new SoftReference<>(null);

  PictureFile(Path path, String label) {
    this.path = path;
    this.label = label;
  }

  Path path() {
    return path;
  }

  /** The name of its class. */
  String label() {
    return label;
  }

  boolean isBroken() {
    return broken;
  }

  void markBroken() {
    broken = true;
  }

  /** The decoded bytes, or null. */
  byte[] bytes() {
    byte[] bytes = kept;
    return bytes != null ? bytes : cached.get();
  }

  /** Keeps the decoded bytes: for good, or until memory is short. */
  void keep(byte[] bytes, boolean forGood) {
    if (forGood) {
      kept = bytes;
    } else {
      cached = new SoftReference<>(bytes);
    }
  }
}
