package org.modelc.runtime.spec;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes Java values as JSON. */
final class JsonWriter {
  private final StringBuilder out = new StringBuilder();
  private final boolean indented;
  private int level;

  JsonWriter(boolean indented) {
    this.indented = indented;
  }

  String write(Object value) {
    append(value);
    return out.toString();
  }

  private void append(Object value) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number) {
      appendNumber((Number) value);
    } else if (value instanceof Map) {
      appendObject((Map<?, ?>) value);
    } else if (value instanceof List) {
      appendArray((List<?>) value);
    } else {
      appendText(value.toString());
    }
  }

  private void appendNumber(Number number) {
    boolean floating = number instanceof Double || number instanceof Float;
    double value = number.doubleValue();
    if (floating && (Double.isNaN(value) || Double.isInfinite(value))) {
      appendText(number.toString());
    } else {
      out.append(number);
    }
  }

  private void appendObject(Map<?, ?> object) {
    out.append('{');
    level++;
    for (Iterator<? extends Map.Entry<?, ?>> it = object.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<?, ?> entry = it.next();
      newline();
      appendText(entry.getKey().toString());
      out.append(indented ? ": " : ":");
      append(entry.getValue());
      out.append(it.hasNext() ? "," : "");
    }
    close(object.isEmpty(), '}');
  }

  private void appendArray(List<?> array) {
    boolean scalars = scalars(array);
    out.append('[');
    level++;
    for (int i = 0; i < array.size(); i++) {
      if (scalars) {
        out.append(i > 0 && indented ? " " : "");
      } else {
        newline();
      }
      append(array.get(i));
      out.append(i + 1 < array.size() ? "," : "");
    }
    close(scalars, ']');
  }

  private static boolean scalars(List<?> array) {
    for (Object element : array) {
      if (element instanceof Map || element instanceof List) {
        return false;
      }
    }
    return true;
  }

  private void close(boolean flat, char bracket) {
    level--;
    if (!flat) {
      newline();
    }
    out.append(bracket);
  }

  private void newline() {
    if (indented) {
      out.append('\n').append("  ".repeat(level));
    }
  }

  private void appendText(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      appendCharacter(text.charAt(i));
    }
    out.append('"');
  }

  private void appendCharacter(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }
}
