package org.modelc.runtime.spec;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * A list of a JSON text that is read when it is first looked at. A process that has just begun
 * takes a while for each kilobyte, and most of a manifest are buffers of programs that it will not
 * call.
 */
final class LaterList extends AbstractList<Object> implements RandomAccess {
  private final JsonReader text;
  private final SpecDecoder decoder;
  private final Object type;
  private volatile List<?> elements;

  /**
   * A list.
   *
   * @param text stands at its beginning
   * @param decoder makes it one of the type; null if it is to be as JSON has it
   */
  LaterList(JsonReader text, SpecDecoder decoder, Object type) {
    this.text = text;
    this.decoder = decoder;
    this.type = type;
  }

  /** The same list, of a type. */
  LaterList decoded(SpecDecoder by, Object as) {
    return new LaterList(text, by, as);
  }

  private List<?> elements() {
    List<?> read = elements;
    if (read == null) {
      Object json = text.copy().readValue();
      read = (List<?>) (decoder == null ? json : decoder.decode(json, type));
      elements = read;
    }
    return read;
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
