package org.modelc.runtime.spec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.FormatException;

/** JSON values to records. A path such as {@code ModelManifest.programs[2].dims} says where. */
final class SpecDecoder {
  private final String root;
  private final Map<Class<?>, Shape> shapes = new HashMap<>();

  /** Field names and indices down to where decoding is: put together only for a message. */
  private final ArrayList<Object> path = new ArrayList<>();

  /**
   * A decoder.
   *
   * @param root what to call the outermost value in messages
   */
  SpecDecoder(String root) {
    this.root = root;
  }

  private Object decode(Object json, Object type, Object step) {
    path.add(step);
    Object value = decode(json, type);
    path.remove(path.size() - 1);
    return value;
  }

  /**
   * A value of a type.
   *
   * @throws FormatException with the field's path, if the JSON is of another kind
   */
  Object decode(Object json, Object type) {
    if (type instanceof Elements) {
      return decodeCollection(json, (Elements) type);
    }
    Class<?> raw = (Class<?>) type;
    if (json == null) {
      return raw.isPrimitive() ? zero(raw) : null;
    }
    if (raw == Object.class) {
      return json;
    }
    if (raw == String.class) {
      return require(json, String.class, "a text");
    }
    if (raw == boolean.class) {
      return require(json, Boolean.class, "true or false");
    }
    if (raw == int.class || raw == Integer.class || raw == long.class || raw == Long.class) {
      return whole(require(json, Long.class, "a whole number"), raw);
    }
    if (raw == double.class || raw == Double.class) {
      return floating(json);
    }
    if (raw == Dim.class) {
      return dim(json);
    }
    if (raw.isEnum()) {
      return constant(raw, require(json, String.class, "a text"));
    }
    return decodeRecord((Map<?, ?>) require(json, Map.class, "an object"), raw);
  }

  private Object decodeCollection(Object json, Elements elements) {
    if (elements.isList && json instanceof LaterList) {
      return ((LaterList) json).decoded(path(), elements);
    }
    if (elements.isList) {
      List<Object> list = new ArrayList<>();
      int index = 0;
      for (Object element :
          json == null ? List.of() : (List<?>) require(json, List.class, "a list")) {
        list.add(present(decode(element, elements.type, (Object) index)));
        index++;
      }
      return list;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    Map<?, ?> fields = json == null ? Map.of() : (Map<?, ?>) require(json, Map.class, "an object");
    for (Map.Entry<?, ?> entry : fields.entrySet()) {
      String key = (String) entry.getKey();
      map.put(key, present(decode(entry.getValue(), elements.type, (Object) key)));
    }
    return map;
  }

  private Object decodeRecord(Map<?, ?> fields, Class<?> type) {
    Shape shape = shapes.get(type);
    if (shape == null) {
      shape = new Shape(type);
      shapes.put(type, shape);
    }
    Object[] arguments = new Object[shape.names.length];
    for (int i = 0; i < arguments.length; i++) {
      String name = shape.names[i];
      arguments[i] = decode(fields.get(name), shape.types[i], (Object) name);
    }
    try {
      return shape.constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      String reason = String.valueOf(e.getCause().getMessage());
      throw new FormatException(path() + ": " + reason, "", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("spec records are public: " + type, e);
    }
  }

  /**
   * A list's or a map's type. Read from a signature, without what Java has for that: thirty classes
   * that a process loads for nothing else.
   */
  private static final class Elements {
    private static final String LIST = "Ljava/util/List<";
    private static final String MAP = "Ljava/util/Map<Ljava/lang/String;";

    final boolean isList;

    /** A class, or elements again. */
    final Object type;

    /**
     * @param whole the signature
     */
    Elements(String whole, ClassLoader loader) throws ClassNotFoundException {
      isList = whole.startsWith(LIST);
      int start = (isList ? LIST : MAP).length();
      String name = whole.substring(start, whole.length() - 2);
      type =
          name.endsWith(">;")
              ? new Elements(name, loader)
              : Class.forName(
                  name.substring(1, name.length() - 1).replace('/', '.'), false, loader);
    }
  }

  /** A record type's components, looked up once. */
  private static final class Shape {
    final String[] names;

    /** Classes and elements. */
    final Object[] types;

    final Constructor<?> constructor;

    Shape(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      names = new String[components.length];
      types = new Object[components.length];
      Class<?>[] classes = new Class<?>[components.length];
      try {
        for (int i = 0; i < components.length; i++) {
          names[i] = components[i].getName();
          classes[i] = components[i].getType();
          String signature = components[i].getGenericSignature();
          types[i] =
              signature == null ? classes[i] : new Elements(signature, type.getClassLoader());
        }
        constructor = type.getDeclaredConstructor(classes);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("every record has this constructor: " + type, e);
      }
    }
  }

  private static Object zero(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == double.class) {
      return 0.0;
    }
    return type == int.class ? (Object) 0 : (Object) 0L;
  }

  private Object whole(Long value, Class<?> type) {
    if (type == long.class || type == Long.class) {
      return value;
    }
    if (value.intValue() != value) {
      throw new FormatException(path() + ": " + value + " is out of range", "");
    }
    return value.intValue();
  }

  private Object floating(Object json) {
    if (json instanceof Number) {
      return ((Number) json).doubleValue();
    }
    if ("NaN".equals(json) || "Infinity".equals(json) || "-Infinity".equals(json)) {
      return Double.valueOf((String) json);
    }
    throw wrong("a number", json);
  }

  private Dim dim(Object json) {
    try {
      return StartReader.dim(json instanceof Long ? json : require(json, String.class, "a dim"));
    } catch (IllegalArgumentException e) {
      throw new FormatException(path() + ": " + e.getMessage(), "", e);
    }
  }

  private Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equals(text)) {
        return constant;
      }
    }
    throw new FormatException(path() + ": no " + type.getSimpleName() + " `" + text + "`", "");
  }

  private Object present(Object value) {
    if (value == null) {
      throw new FormatException(path() + ": null where a value should be", "");
    }
    return value;
  }

  private String path() {
    StringBuilder text = new StringBuilder(root);
    for (Object step : path) {
      text.append(step instanceof Integer ? "[" + step + "]" : "." + step);
    }
    return text.toString();
  }

  private <T> T require(Object json, Class<T> type, String what) {
    if (!type.isInstance(json)) {
      throw wrong(what, json);
    }
    return type.cast(json);
  }

  private FormatException wrong(String what, Object json) {
    return new FormatException(
        path() + ": " + what + " should be here, not " + Json.write(json), "");
  }
}
