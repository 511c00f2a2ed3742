package org.modelc.runtime.spec;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/**
 * A list of a JSON text that is read when it is first looked at. A process that has just begun
 * takes a while for each kilobyte, and most of a manifest are buffers of programs that it will not
 * call.
 */
final class LaterList extends AbstractList<Object> implements RandomAccess {
  private final JsonReader text;
  private final String path;
  private final Object type;
  private final boolean start;
  private volatile List<?> elements;

  /**
   * A list.
   *
   * @param text stands at its beginning
   * @param path where it stands; null if it is to be as JSON has it
   * @param type its own, or with {@code start} that of its elements
   * @param start {@link StartReader} reads it
   */
  private LaterList(JsonReader text, String path, Object type, boolean start) {
    this.text = text;
    this.path = path;
    this.type = type;
    this.start = start;
  }

  /** A list of programs, each read when it is first looked at. */
  LaterList(List<?> parts, String path) {
    this(null, path, ProgramAbi.class, true);
    elements = new ArrayList<>(parts);
  }

  /** A list as JSON has it, which begins where a reader stands. */
  LaterList(JsonReader text) {
    this(text, null, null, false);
  }

  /** The same list, of a type. */
  LaterList decoded(String where, Object as) {
    return new LaterList(text, where, as, false);
  }

  /** The same list, of programs or buffers. */
  LaterList at(String where, Class<?> each) {
    return new LaterList(text, where, each, true);
  }

  private List<?> elements() {
    List<?> read = elements;
    if (read == null) {
      List<?> json = (List<?>) text.copy().readValue();
      read = path == null ? json : start ? started(json) : decoded(json);
      elements = read;
    }
    return read;
  }

  private List<?> decoded(Object json) {
    return (List<?>) new SpecDecoder(path).decode(json, type);
  }

  private List<?> started(List<?> json) {
    List<Object> list = new ArrayList<>();
    for (Object each : json) {
      list.add(started(each, list.size()));
    }
    return list;
  }

  private Object started(Object json, int index) {
    String place = path + "[" + index + "]";
    try {
      return StartReader.element((Map<?, ?>) json, place, type);
    } catch (RuntimeException e) {
      return new SpecDecoder(place).decode(json, type);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public Object get(int index) {
    Object element = elements().get(index);
    if (element instanceof JsonReader) {
      element = started(((JsonReader) element).copy().readValue(), index);
      ((List<Object>) elements).set(index, element);
    }
    return element;
  }

  @Override
  public int size() {
    return elements().size();
  }
}
