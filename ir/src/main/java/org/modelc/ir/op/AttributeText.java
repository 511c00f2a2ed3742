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
    for (RecordComponent component : attributes.getClass().getRecordComponents()) {
      Object value = read(attributes, component);
      String printed = print(value);
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
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    List<String> known = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      known.add(components[i].getName());
      values[i] = value(components[i], opName, arguments);
    }
    for (String argument : arguments.keySet()) {
      if (!known.contains(argument)) {
        throw new OpException(
            opName + " has no argument '" + argument + "'", "its arguments are " + known);
      }
    }
    return construct(type, components, values);
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

  static <A extends Record> A construct(
      Class<A> type, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (java.lang.reflect.InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static Object read(Record attributes, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(attributes);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A dim argument may be a number or a symbol. */
  static Dim dim(Object value) {
    return value instanceof Dim dim ? dim : Dim.constant(((Number) value).longValue());
  }
}
