package org.modelc.runtime.spec;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
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
      read = start ? started(json) : json;
      read = start || path == null ? read : (List<?>) new SpecDecoder(path).decode(json, type);
      elements = read;
    }
    return read;
  }

  private List<?> started(List<?> json) {
    try {
      return StartReader.elements(json, path, type);
    } catch (RuntimeException e) {
      List<Object> decoded = new ArrayList<>();
      for (Object each : json) {
        decoded.add(new SpecDecoder(path + "[" + decoded.size() + "]").decode(each, type));
      }
      return List.copyOf(decoded);
    }
  }

  @Override
  public Object get(int index) {
    return elements().get(index);
  }

  @Override
  public int size() {
    return elements().size();
  }
}
