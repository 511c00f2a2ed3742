package org.modelc.runtime.spec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random records of any spec type: every component filled by its type, references null at times.
 */
final class RandomRecords {
  private static final int DEPTH = 6;

  private RandomRecords() {}

  static Record of(Class<? extends Record> type, Random random) {
    return (Record) record(type, random, DEPTH);
  }

  private static Object value(Type type, Random random, int depth) {
    if (type instanceof ParameterizedType) {
      return collection((ParameterizedType) type, random, depth);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class) {
      return JsonValues.text(random);
    }
    if (raw == int.class || raw == Integer.class) {
      return random.nextInt();
    }
    if (raw == long.class) {
      return random.nextLong();
    }
    if (raw == double.class || raw == Double.class) {
      return random.nextGaussian();
    }
    if (raw == boolean.class) {
      return random.nextBoolean();
    }
    if (raw == Dim.class) {
      return Dim.symbol("B").times(random.nextInt(9)).plus(Dim.constant(random.nextInt(20) - 10));
    }
    if (raw == Object.class) {
      return JsonValues.random(random, 1);
    }
    if (raw.isEnum()) {
      Object[] constants = raw.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    }
    return random.nextInt(5) == 0 || depth == 0 ? null : record(raw, random, depth - 1);
  }

  private static Object collection(ParameterizedType type, Random random, int depth) {
    Type[] arguments = type.getActualTypeArguments();
    int size = depth <= 0 ? 0 : random.nextInt(3);
    if (type.getRawType() == List.class) {
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        addPresent(list, value(arguments[0], random, depth - 2));
      }
      return list;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      Object value = value(arguments[1], random, depth - 2);
      if (value != null) {
        map.put(JsonValues.text(random), value);
      }
    }
    return map;
  }

  private static void addPresent(List<Object> list, Object value) {
    if (value != null) {
      list.add(value);
    }
  }

  private static Object record(Class<?> type, Random random, int depth) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      arguments[i] = value(components[i].getGenericType(), random, depth);
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
