package org.modelc.data;

import java.util.Map;
import org.modelc.runtime.transform.Options;

/** How much of a file's rows a reader holds in memory; larger files are read where they lie. */
public final class HeldRows {
  /** Megabytes, unless told otherwise; no more than a quarter of the heap. */
  public static final int MEGABYTES = 512;

  private HeldRows() {}

  /**
   * The most bytes.
   *
   * @param options a source's; {@code memory} has megabytes
   * @throws org.modelc.runtime.data.DataException if that is no whole number
   */
  public static long most(Map<String, Object> options) {
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    return options.containsKey("memory")
        ? (long) Options.integer(options, "memory", MEGABYTES) << 20
        : Math.min(quarter, (long) MEGABYTES << 20);
  }
}
