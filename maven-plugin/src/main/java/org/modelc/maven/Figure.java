package org.modelc.maven;

import java.util.Locale;

/**
 * One figure of a model that must not get worse: what it was when the baseline was stored, what it
 * is, and how far it may go.
 *
 * @param name such as {@code accuracy} or {@code jar bytes}
 * @param was the stored figure; NaN if there is none
 * @param is today's
 * @param limit the worst value that passes; NaN if there is none
 * @param higherIsBetter whether it may not fall, as against not rise
 * @param why where the limit comes from
 */
record Figure(
    String name, double was, double is, double limit, boolean higherIsBetter, String why) {
  boolean passes() {
    if (Double.isNaN(limit)) {
      return true;
    }
    return higherIsBetter ? is >= limit : is <= limit;
  }

  static String header() {
    return String.format(
        Locale.ROOT, "%-22s %14s %14s %14s  %s", "figure", "was", "is", "limit", "");
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-22s %14s %14s %14s  %s",
        name,
        text(was),
        text(is),
        text(limit),
        passes() ? "ok" : "WORSE: " + why);
  }

  private static String text(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) >= 1000;
    return String.format(Locale.ROOT, whole ? "%,.0f" : "%.4f", value);
  }
}
