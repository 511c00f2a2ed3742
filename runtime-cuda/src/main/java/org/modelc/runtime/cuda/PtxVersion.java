package org.modelc.runtime.cuda;

import java.util.Locale;
import org.modelc.runtime.FormatException;

/**
 * The version of PTX that a text is of, and which drivers read it.
 *
 * @param major of {@code .version 7.0}
 * @param minor of {@code .version 7.0}
 */
record PtxVersion(int major, int minor) {
  private static final String DIRECTIVE = ".version";

  /** Reads the directive that every PTX text begins with. */
  static PtxVersion of(String ptx) {
    int at = ptx.indexOf(DIRECTIVE);
    int end = at < 0 ? -1 : ptx.indexOf('\n', at);
    String text = end < 0 ? "" : ptx.substring(at + DIRECTIVE.length(), end).strip();
    int dot = text.indexOf('.');
    if (dot < 1) {
      throw new FormatException("the PTX does not say its version", "make the jar again");
    }
    return new PtxVersion(
        Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
  }

  /**
   * The release of CUDA that brought it, as {@code cuDriverGetVersion} counts: 1000 × major + 10 ×
   * minor. Source: PTX ISA, "Release Notes", table of versions.
   */
  int release() {
    return switch (major) {
      case 6 -> 10000 + 10 * Math.max(0, minor - 3);
      case 7 -> 11000 + 10 * minor;
      case 8 -> 12000 + 10 * (minor < 6 ? minor : minor + 1);
      default -> 1000 * (major + 4) + 10 * minor;
    };
  }

  /** A release as people write it: {@code 12.9}. */
  static String text(int release) {
    return String.format(Locale.ROOT, "%d.%d", release / 1000, release % 1000 / 10);
  }

  /**
   * The first driver for a release. Source: CUDA Toolkit Release Notes, "CUDA Toolkit and
   * Corresponding Driver Versions".
   */
  static String driver(int release) {
    int branch =
        switch (release) {
          case 10000 -> 410;
          case 10010 -> 418;
          case 10020 -> 440;
          case 11000 -> 450;
          case 11010 -> 455;
          case 11020 -> 460;
          case 11030 -> 465;
          case 11040 -> 470;
          case 11050 -> 495;
          case 11060 -> 510;
          case 11070 -> 515;
          case 11080 -> 520;
          case 12000 -> 525;
          case 12010 -> 530;
          case 12020 -> 535;
          case 12030 -> 545;
          case 12040 -> 550;
          case 12050 -> 555;
          case 12060 -> 560;
          case 12070, 12080 -> 570;
          case 12090 -> 575;
          case 13000 -> 580;
          default -> 0;
        };
    return branch == 0 ? "a driver for CUDA " + text(release) : "driver " + branch;
  }
}
