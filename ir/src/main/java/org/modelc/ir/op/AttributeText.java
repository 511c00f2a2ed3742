package org.modelc.ir.op;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Attribute records as text and back: {@code {axis = -1, keep = false}}. What equals its default is
 * left out.
 */
public final class AttributeText {
  private AttributeText() {}

  /** The attributes that differ from their defaults, or nothing. */
  public static String print(Record attributes) {
    List<String> parts = new ArrayList<>();
    List<Object> values = RecordShape.values(attributes);
    List<RecordComponent> components = RecordShape.of(attributes.getClass()).components();
    for (int i = 0; i < components.size(); i++) {
      RecordComponent component = components.get(i);
      String printed = print(values.get(i));
      Attribute annotation = component.getAnnotation(Attribute.class);
      if (annotation == null || !annotation.value().equals(printed)) {
        parts.add(component.getName() + " = " + printed);
      }
    }
    return parts.isEmpty() ? "" : " {" + String.join(", ", parts) + "}";
  }

  /** One attribute's value as text. */
  public static String print(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(AttributeText::print).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Literal literal) {
      return Arrays.stream(literal.elements())
          .mapToObj(AttributeText::print)
          .collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Enum<?> constant) {
      return constant instanceof DType dtype
          ? dtype.text()
          : constant.name().toLowerCase(java.util.Locale.ROOT);
    } else if (value instanceof String text) {
      return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    } else if (value instanceof Double number
        && number == Math.rint(number)
        && Math.abs(number) < 1e15) {
      return number == 0 && 1 / number < 0 ? "-0" : String.valueOf(number.longValue());
    }
    return String.valueOf(value);
  }

  /** One attribute's value from text: the inverse of printing, up to the component's type. */
  public static Object parse(String text) {
    return AttributeValues.parse(text);
  }

  /**
   * Makes an attribute record from argument values; missing ones get their defaults.
   *
   * @param arguments by component name: Long/Integer, Double, Boolean, String, Dim, DType, or lists
   * @throws OpException for an unknown or missing argument, or a value of the wrong kind
   */
  public static <A extends Record> A create(
      Class<A> type, String opName, java.util.Map<String, Object> arguments) {
    RecordShape<A> shape = RecordShape.of(type);
    List<String> known = shape.names();
    Object[] values =
        shape.components().stream().map(component -> value(component, opName, arguments)).toArray();
    for (String argument : arguments.keySet()) {
      if (!known.contains(argument)) {
        throw new OpException(
            opName + " has no argument '" + argument + "'", "its arguments are " + known);
      }
    }
    return shape.make(values);
  }

  private static Object value(
      RecordComponent component, String opName, java.util.Map<String, Object> arguments) {
    String name = component.getName();
    if (arguments.containsKey(name)) {
      return AttributeValues.convert(component.getGenericType(), arguments.get(name), opName, name);
    }
    Attribute annotation = component.getAnnotation(Attribute.class);
    if (annotation == null || annotation.value().equals(Attribute.REQUIRED)) {
      throw new OpException(opName + " needs the argument '" + name + "'");
    }
    Object parsed = AttributeValues.parse(annotation.value());
    return AttributeValues.convert(component.getGenericType(), parsed, opName, name);
  }

  /** A dim argument may be a number or a symbol. */
  static Dim dim(Object value) {
    return value instanceof Dim dim ? dim : Dim.constant(((Number) value).longValue());
  }
}
