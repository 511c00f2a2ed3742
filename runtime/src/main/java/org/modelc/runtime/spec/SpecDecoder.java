package org.modelc.runtime.spec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.FormatException;

/** JSON values to records. A path such as {@code ModelManifest.programs[2].dims} says where. */
final class SpecDecoder {
  private SpecDecoder() {}

  static Object decode(Object json, Type type, String path) {
    if (type instanceof ParameterizedType) {
      return decodeCollection(json, (ParameterizedType) type, path);
    }
    Class<?> raw = (Class<?>) type;
    if (json == null) {
      return raw.isPrimitive() ? zero(raw) : null;
    }
    if (raw == Object.class) {
      return json;
    }
    if (raw == String.class) {
      return require(json, String.class, "a text", path);
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return require(json, Boolean.class, "true or false", path);
    }
    if (raw == int.class || raw == Integer.class || raw == long.class || raw == Long.class) {
      return whole(require(json, Long.class, "a whole number", path), raw, path);
    }
    if (raw == double.class || raw == Double.class) {
      return floating(json, path);
    }
    if (raw == Dim.class) {
      return dim(json, path);
    }
    if (raw.isEnum()) {
      return constant(raw, require(json, String.class, "a text", path), path);
    }
    return decodeRecord((Map<?, ?>) require(json, Map.class, "an object", path), raw, path);
  }

  private static Object decodeCollection(Object json, ParameterizedType type, String path) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == List.class) {
      List<Object> list = new ArrayList<>();
      int index = 0;
      for (Object element : json == null ? List.of() : (List<?>) require(json, List.class, "a list", path)) {
        list.add(present(decode(element, arguments[0], path + "[" + index + "]"), path));
        index++;
      }
      return list;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    Map<?, ?> fields = json == null ? Map.of() : (Map<?, ?>) require(json, Map.class, "an object", path);
    for (Map.Entry<?, ?> entry : fields.entrySet()) {
      String key = (String) entry.getKey();
      map.put(key, present(decode(entry.getValue(), arguments[1], path + "." + key), path));
    }
    return map;
  }

  private static Object decodeRecord(Map<?, ?> fields, Class<?> type, String path) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      types[i] = components[i].getType();
      arguments[i] = decode(fields.get(name), components[i].getGenericType(), path + "." + name);
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      String reason = String.valueOf(e.getCause().getMessage());
      throw new FormatException(path + ": " + reason, "", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("spec records are public: " + type, e);
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

  private static Object whole(Long value, Class<?> type, String path) {
    if (type == long.class || type == Long.class) {
      return value;
    }
    if (value.intValue() != value) {
      throw new FormatException(path + ": " + value + " is out of range", "");
    }
    return value.intValue();
  }

  private static Object floating(Object json, String path) {
    if (json instanceof Number) {
      return ((Number) json).doubleValue();
    }
    if ("NaN".equals(json) || "Infinity".equals(json) || "-Infinity".equals(json)) {
      return Double.valueOf((String) json);
    }
    throw wrong("a number", json, path);
  }

  private static Dim dim(Object json, String path) {
    if (json instanceof Long) {
      return Dim.constant((Long) json);
    }
    try {
      return Dim.parse(require(json, String.class, "a dim", path));
    } catch (IllegalArgumentException e) {
      throw new FormatException(path + ": " + e.getMessage(), "", e);
    }
  }

  private static Object constant(Class<?> type, String text, String path) {
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equals(text)) {
        return constant;
      }
    }
    throw new FormatException(path + ": no " + type.getSimpleName() + " `" + text + "`", "");
  }

  private static Object present(Object value, String path) {
    if (value == null) {
      throw new FormatException(path + ": null where a value should be", "");
    }
    return value;
  }

  private static <T> T require(Object json, Class<T> type, String what, String path) {
    if (!type.isInstance(json)) {
      throw wrong(what, json, path);
    }
    return type.cast(json);
  }

  private static FormatException wrong(String what, Object json, String path) {
    return new FormatException(path + ": " + what + " should be here, not " + Json.write(json), "");
  }
}
