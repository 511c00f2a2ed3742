package org.modelc.runtime.transform;

/** Numbers as data files write them. */
public final class NumberText {
  private NumberText() {}

  /**
   * The number a text stands for: decimal digits with an optional sign, point and exponent, blanks
   * around it ignored. NaN if it is none; so are {@code inf}, hexadecimal and Java's suffixes,
   * which {@link Double#parseDouble} takes.
   */
  public static double parse(String text) {
    String trimmed = text.trim();
    if (!isDecimal(trimmed)) {
      return Double.NaN;
    }
    double number = Double.parseDouble(trimmed);
    return Double.isInfinite(number) ? Double.NaN : number;
  }

  private static boolean isDecimal(String text) {
    int length = text.length();
    int at = skipSign(text, 0);
    int whole = skipDigits(text, at);
    int digits = whole - at;
    at = whole;
    if (at < length && text.charAt(at) == '.') {
      int fraction = skipDigits(text, at + 1);
      digits += fraction - at - 1;
      at = fraction;
    }
    if (digits == 0) {
      return false;
    }
    if (at < length && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int from = skipSign(text, at + 1);
      at = skipDigits(text, from);
      digits = at - from;
    }
    return at == length && digits > 0;
  }

  private static int skipSign(String text, int at) {
    boolean sign = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
    return sign ? at + 1 : at;
  }

  private static int skipDigits(String text, int at) {
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
