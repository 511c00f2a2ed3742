package org.modelc.runtime.transform;

import java.util.Comparator;

/** Patterns of column names: {@code *} stands for any characters. */
public final class ColumnPattern {
  private ColumnPattern() {}

  /** Whether a whole name fits a pattern. */
  public static boolean matches(String pattern, String name) {
    int star = -1;
    int resume = 0;
    int p = 0;
    int n = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /**
   * Names by the numbers in them, so {@code pixel_2} stands before {@code pixel_10} and {@code
   * pixel_0_1} before {@code pixel_1_0}; other characters by code.
   */
  public static final class ByNumber implements Comparator<String> {
    @Override
    public int compare(String left, String right) {
      int i = 0;
      int j = 0;
      while (i < left.length() && j < right.length()) {
        int endLeft = digitsEnd(left, i);
        int endRight = digitsEnd(right, j);
        int order;
        if (endLeft > i && endRight > j) {
          order = compareDigits(left.substring(i, endLeft), right.substring(j, endRight));
          i = endLeft;
          j = endRight;
        } else {
          order = Character.compare(left.charAt(i++), right.charAt(j++));
        }
        if (order != 0) {
          return order;
        }
      }
      int rest = Integer.compare(left.length() - i, right.length() - j);
      return rest != 0 ? rest : left.compareTo(right);
    }

    private static int digitsEnd(String text, int from) {
      int end = from;
      while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        end++;
      }
      return end;
    }

    private static int compareDigits(String left, String right) {
      String a = withoutZeros(left);
      String b = withoutZeros(right);
      int byLength = Integer.compare(a.length(), b.length());
      return byLength != 0 ? byLength : a.compareTo(b);
    }

    private static String withoutZeros(String digits) {
      int at = 0;
      while (at < digits.length() - 1 && digits.charAt(at) == '0') {
        at++;
      }
      return digits.substring(at);
    }
  }
}
