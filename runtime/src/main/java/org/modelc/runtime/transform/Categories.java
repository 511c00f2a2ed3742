package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Texts that name categories, and their order. */
public final class Categories {
  /** Numbers in this range print as whole numbers. */
  private static final double WHOLE = 1e15;

  private Categories() {}

  /** A number as a category's text: {@code 3} for 3.0, {@code 2.5}; null for NaN. */
  public static String text(double number) {
    if (Double.isNaN(number)) {
      return null;
    }
    if (number == Math.rint(number) && Math.abs(number) < WHOLE) {
      return Long.toString((long) number);
    }
    return Double.toString(number);
  }

  /**
   * Categories in index order: by value if all are numbers, else by text. The missing category
   * (null) comes last.
   */
  public static List<String> ordered(Set<String> categories) {
    List<String> texts = new ArrayList<>(categories);
    boolean missing = texts.remove(null);
    Collections.sort(texts);
    if (allNumbers(texts)) {
      Collections.sort(texts, new ByValue());
    }
    if (missing) {
      texts.add(null);
    }
    return texts;
  }

  private static boolean allNumbers(List<String> texts) {
    for (String text : texts) {
      if (Double.isNaN(NumberText.parse(text))) {
        return false;
      }
    }
    return true;
  }

  private static final class ByValue implements java.util.Comparator<String> {
    @Override
    public int compare(String left, String right) {
      return Double.compare(NumberText.parse(left), NumberText.parse(right));
    }
  }
}
