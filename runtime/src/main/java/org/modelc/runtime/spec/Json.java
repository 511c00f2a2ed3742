package org.modelc.runtime.spec;

import java.util.Map;

/**
 * JSON (RFC 8259) as Java values: {@code Map<String, Object>} in the order of the text, {@code
 * List<Object>}, {@link String}, {@link Long} for whole numbers that fit, {@link Double}, {@link
 * Boolean} and null.
 */
public final class Json {
  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @param text the whole text; blanks around the value are fine, anything else is an error
   * @throws org.modelc.runtime.FormatException with line and column, if the text is no JSON, nests
   *     deeper than {@value JsonReader#MAX_DEPTH}, or repeats a name in an object
   */
  public static Object read(String text) {
    return new JsonReader(text).readDocument();
  }

  /** Writes a value on one line; non-finite numbers as the texts NaN, Infinity, -Infinity. */
  public static String write(Object value) {
    return new JsonWriter(false).write(value);
  }

  /** Writes a value with two blanks of indent a level. */
  public static String pretty(Object value) {
    return new JsonWriter(true).write(value);
  }

  /**
   * Reads an object.
   *
   * @throws org.modelc.runtime.FormatException if the text is no JSON or no object
   */
  public static Map<String, Object> readObject(String text) {
    return object(new JsonReader(text));
  }

  /** The object that a text is. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(JsonReader text) {
    Object value = text.readDocument();
    if (!(value instanceof Map)) {
      throw new org.modelc.runtime.FormatException("the JSON is no object", "");
    }
    return (Map<String, Object>) value;
  }
}
