package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.DataException;

/** Typed reading of a spec's options. */
public final class Options {
  private Options() {}

  /**
   * A number.
   *
   * @throws DataException if the option is there but no number
   */
  public static double number(Map<String, Object> options, String name, double otherwise) {
    Object value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Number)) {
      throw wrong(name, value, "a number");
    }
    return ((Number) value).doubleValue();
  }

  /** A whole number, with the same rules. */
  public static int integer(Map<String, Object> options, String name, int otherwise) {
    double number = number(options, name, otherwise);
    if (number != (int) number) {
      throw wrong(name, number, "a whole number");
    }
    return (int) number;
  }

  /** A text, with the same rules. */
  public static String text(Map<String, Object> options, String name, String otherwise) {
    Object value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof String)) {
      throw wrong(name, value, "a text");
    }
    return (String) value;
  }

  /** A boolean, with the same rules. */
  public static boolean bool(Map<String, Object> options, String name, boolean otherwise) {
    Object value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Boolean)) {
      throw wrong(name, value, "true or false");
    }
    return (Boolean) value;
  }

  /** A list of numbers, or one number as a list of it; null if the option is not there. */
  public static List<Double> numbers(Map<String, Object> options, String name) {
    Object value = options.get(name);
    if (value == null) {
      return null;
    }
    List<Double> numbers = new ArrayList<>();
    for (Object element : value instanceof List ? (List<?>) value : List.of(value)) {
      if (!(element instanceof Number)) {
        throw wrong(name, element, "numbers");
      }
      numbers.add(((Number) element).doubleValue());
    }
    return numbers;
  }

  /** A list of texts, or one text as a list of it; null if the option is not there. */
  public static List<String> texts(Map<String, Object> options, String name) {
    Object value = options.get(name);
    if (value == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Object element : value instanceof List ? (List<?>) value : List.of(value)) {
      if (!(element instanceof String)) {
        throw wrong(name, element, "texts");
      }
      texts.add((String) element);
    }
    return texts;
  }

  private static DataException wrong(String name, Object value, String wanted) {
    return new DataException("option `" + name + "` is " + value, "it must be " + wanted);
  }
}
