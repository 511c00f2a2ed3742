package org.modelc.ir.op;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Reads attribute values from text and converts them to a record component's type. */
final class AttributeValues {
  private AttributeValues() {}

  /** A value's text: number, true or false, "text", [list], a bare word or a dim. */
  static Object parse(String text) {
    String trimmed = text.trim();
    if (trimmed.startsWith("[") && trimmed.endsWith("]")) {
      return parseList(trimmed.substring(1, trimmed.length() - 1));
    } else if (trimmed.length() > 1 && trimmed.startsWith("\"")) {
      String body = trimmed.substring(1, trimmed.length() - 1);
      return body.replace("\\\"", "\"").replace("\\\\", "\\");
    } else if (trimmed.equals("true") || trimmed.equals("false")) {
      return Boolean.valueOf(trimmed);
    } else if (trimmed.matches("-?[0-9]{1,18}") && !trimmed.equals("-0")) {
      return Long.valueOf(trimmed);
    } else if (trimmed.matches("-?([0-9.]+([eE][-+]?[0-9]+)?|Infinity)|NaN")) {
      return Double.valueOf(trimmed);
    }
    return trimmed;
  }

  private static List<Object> parseList(String body) {
    List<Object> values = new ArrayList<>();
    for (String part : split(body)) {
      values.add(parse(part));
    }
    return values;
  }

  /** Splits at commas outside brackets and quotes. */
  static List<String> split(String body) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    boolean quoted = false;
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      quoted ^= c == '"' && (i == 0 || body.charAt(i - 1) != '\\');
      depth += quoted ? 0 : c == '[' ? 1 : c == ']' ? -1 : 0;
      if (c == ',' && depth == 0 && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    if (!part.toString().isBlank()) {
      parts.add(part.toString());
    }
    return parts;
  }

  /** The value as the component's type. */
  static Object convert(Type type, Object value, String opName, String argument) {
    try {
      return convert(type, value);
    } catch (ClassCastException | IllegalArgumentException | ArithmeticException e) {
      throw new OpException(
          opName + "'s argument '" + argument + "' must be " + describe(type) + ", not " + value);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object convert(Type type, Object value) {
    if (type instanceof ParameterizedType list) {
      Type element = list.getActualTypeArguments()[0];
      List<?> elements = value instanceof List<?> given ? given : List.of(value);
      return elements.stream().map(item -> convert(element, item)).toList();
    } else if (type == int.class || type == Integer.class) {
      return Math.toIntExact(integer(value));
    } else if (type == long.class || type == Long.class) {
      return integer(value);
    } else if (type == double.class || type == Double.class) {
      return ((Number) value).doubleValue();
    } else if (type == boolean.class || type == Boolean.class) {
      return (Boolean) value;
    } else if (type == Dim.class) {
      return value instanceof String text ? Dim.parse(text) : AttributeText.dim(value);
    } else if (type == DType.class) {
      return value instanceof DType ? value : DType.of((String) value);
    } else if (type == Literal.class) {
      return literal(value);
    } else if (type instanceof Class c && c.isEnum()) {
      return value instanceof Enum
          ? value
          : Enum.valueOf(c, ((String) value).toUpperCase(Locale.ROOT));
    }
    return (String) value;
  }

  private static long integer(Object value) {
    if (value instanceof Dim dim && !dim.isStatic()) {
      throw new IllegalArgumentException(dim + " is known only at a call");
    }
    return value instanceof Dim dim ? dim.value() : exact(value).longValue();
  }

  private static Number exact(Object value) {
    double number = ((Number) value).doubleValue();
    if (number != Math.rint(number)) {
      throw new IllegalArgumentException(value + " is no integer");
    }
    return (Number) value;
  }

  private static Literal literal(Object value) {
    if (value instanceof Literal literal) {
      return literal;
    }
    List<?> elements = value instanceof List<?> given ? given : List.of(value);
    return new Literal(elements.stream().mapToDouble(e -> ((Number) e).doubleValue()).toArray());
  }

  private static String describe(Type type) {
    if (type instanceof ParameterizedType list) {
      return "a list of which each is " + describe(list.getActualTypeArguments()[0]);
    } else if (type instanceof Class<?> c && c.isEnum()) {
      return "one of " + java.util.Arrays.toString(c.getEnumConstants()).toLowerCase(Locale.ROOT);
    }
    return "of type " + ((Class<?>) type).getSimpleName().toLowerCase(Locale.ROOT);
  }
}
