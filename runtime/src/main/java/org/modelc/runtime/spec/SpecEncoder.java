package org.modelc.runtime.spec;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Records to JSON values. */
final class SpecEncoder {
  private SpecEncoder() {}

  static Object encode(Object value) {
    if (value instanceof Record) {
      return encodeRecord((Record) value);
    }
    if (value instanceof Map) {
      Map<String, Object> sorted = new TreeMap<>();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        sorted.put((String) entry.getKey(), encode(entry.getValue()));
      }
      return sorted;
    }
    if (value instanceof List) {
      List<Object> list = new ArrayList<>();
      for (Object element : (List<?>) value) {
        list.add(encode(element));
      }
      return list;
    }
    if (value instanceof Dim && ((Dim) value).isStatic()) {
      return ((Dim) value).value();
    }
    if (value instanceof Dim || value instanceof Enum) {
      return value.toString();
    }
    return value;
  }

  private static Map<String, Object> encodeRecord(Record record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = read(record, component);
      // What is left out is decoded as the same; a manifest has hundreds of such.
      boolean isFalse = component.getType() == boolean.class && value.equals(false);
      if (value != null && !isFalse && !value.equals(List.of()) && !value.equals(Map.of())) {
        fields.put(component.getName(), encode(value));
      }
    }
    return fields;
  }

  private static Object read(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("spec records are public: " + record.getClass(), e);
    }
  }
}
