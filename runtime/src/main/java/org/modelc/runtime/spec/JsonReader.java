package org.modelc.runtime.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.FormatException;

/** A strict recursive-descent reader of JSON. */
final class JsonReader {
  static final int MAX_DEPTH = 100;

  private final String text;

  /** The same; a process that has just begun takes them from an array in a fifth of the time. */
  private final char[] chars;

  /** Lists of this name are {@link LaterList}s; null if none are. */
  private final String later;

  private int at;
  private int depth;

  JsonReader(String text) {
    this(text, null);
  }

  /**
   * A reader.
   *
   * @param later lists of this name are read when they are first looked at
   */
  JsonReader(String text, String later) {
    this(text, text.toCharArray(), later);
  }

  private JsonReader(String text, char[] chars, String later) {
    this.text = text;
    this.chars = chars;
    this.later = later;
  }

  /** Another reader at the same place. */
  JsonReader copy() {
    JsonReader copy = new JsonReader(text, chars, null);
    copy.at = at;
    copy.depth = depth;
    return copy;
  }

  Object readDocument() {
    Object value = readValue();
    skipBlanks();
    if (at < chars.length) {
      throw error("text after the end of the value");
    }
    return value;
  }

  /** The value that begins here. */
  Object readValue() {
    skipBlanks();
    if (at == chars.length) {
      throw error("the text ends where a value should be");
    }
    char first = chars[at];
    return switch (first) {
      case '{' -> readObject();
      case '[' -> readArray();
      case '"' -> readString();
      case 't' -> readWord("true", Boolean.TRUE);
      case 'f' -> readWord("false", Boolean.FALSE);
      case 'n' -> readWord("null", null);
      default -> readNumber();
    };
  }

  private Map<String, Object> readObject() {
    enter();
    Map<String, Object> object = new LinkedHashMap<>();
    if (!next('}')) {
      do {
        skipBlanks();
        int start = at;
        if (at == chars.length || chars[at] != '"') {
          throw error("a name in double quotes should stand here");
        }
        String name = readString();
        expect(':');
        Object value = name.equals(later) ? readLater() : readValue();
        if (object.containsKey(name)) {
          at = start;
          throw error("the name \"" + name + "\" stands twice in one object");
        }
        object.put(name, value);
      } while (next(','));
      expect('}');
    }
    depth--;
    return object;
  }

  private List<Object> readArray() {
    enter();
    List<Object> array = new ArrayList<>();
    if (!next(']')) {
      do {
        array.add(readValue());
      } while (next(','));
      expect(']');
    }
    depth--;
    return array;
  }

  /** A list, to be read later; any other value. */
  private Object readLater() {
    skipBlanks();
    if (at == chars.length || chars[at] != '[') {
      return readValue();
    }
    LaterList list = new LaterList(copy(), null, null);
    int open = 0;
    do {
      if (at == chars.length) {
        throw error("the text ends inside a list");
      }
      char c = chars[at++];
      if (c == '"') {
        skipString();
      } else if (c == '[' || c == '{') {
        open++;
      } else if (c == ']' || c == '}') {
        open--;
      }
    } while (open > 0);
    return list;
  }

  private void skipString() {
    while (at < chars.length && chars[at] != '"') {
      at += chars[at] == '\\' ? 2 : 1;
    }
    at = Math.min(at + 1, chars.length);
  }

  private void enter() {
    at++;
    if (++depth > MAX_DEPTH) {
      throw error("more than " + MAX_DEPTH + " levels of nesting");
    }
  }

  private String readString() {
    at++;
    int start = at;
    int end = at;
    while (end < chars.length && chars[end] != '"' && chars[end] != '\\' && chars[end] >= ' ') {
      end++;
    }
    at = end;
    if (at < chars.length && chars[at] == '"') {
      return text.substring(start, at++);
    }
    StringBuilder value = new StringBuilder().append(text, start, at);
    while (at < chars.length && chars[at] != '"') {
      char c = chars[at];
      if (c < ' ') {
        throw error("a control character inside a text");
      }
      at++;
      value.append(c == '\\' ? readEscape() : c);
    }
    if (at == chars.length) {
      throw error("the text ends inside a text value");
    }
    at++;
    return value.toString();
  }

  private char readEscape() {
    if (at == chars.length) {
      throw error("the text ends inside a text value");
    }
    char c = chars[at++];
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> readUnicode();
      default -> throw error("no escape \\" + c);
    };
  }

  private char readUnicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < chars.length ? Character.digit(chars[at], 16) : -1;
      if (digit < 0) {
        throw error("\\u takes four hexadecimal digits");
      }
      code = 16 * code + digit;
      at++;
    }
    return (char) code;
  }

  private Object readWord(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw error("no value starts like this");
    }
    at += word.length();
    return value;
  }

  private Object readNumber() {
    int start = at;
    skip('-');
    int first = at;
    int whole = skipDigits();
    boolean valid = whole > 0 && !(whole > 1 && chars[first] == '0');
    boolean integer = true;
    if (skip('.')) {
      integer = false;
      valid &= skipDigits() > 0;
    }
    if (skip('e') || skip('E')) {
      integer = false;
      boolean ignored = skip('+') || skip('-');
      valid &= skipDigits() > 0;
    }
    if (!valid) {
      at = start;
      throw error("no value starts like this");
    }
    return numberOf(text.substring(start, at), integer);
  }

  private static Object numberOf(String digits, boolean integer) {
    if (integer && digits.length() <= 20) {
      try {
        return Long.valueOf(digits);
      } catch (NumberFormatException tooLarge) {
        return Double.valueOf(digits);
      }
    }
    return Double.valueOf(digits);
  }

  private int skipDigits() {
    int start = at;
    while (at < chars.length && chars[at] >= '0' && chars[at] <= '9') {
      at++;
    }
    return at - start;
  }

  private boolean skip(char c) {
    boolean found = at < chars.length && chars[at] == c;
    at += found ? 1 : 0;
    return found;
  }

  private boolean next(char c) {
    skipBlanks();
    return skip(c);
  }

  private void expect(char c) {
    if (!next(c)) {
      throw error(
          at == chars.length
              ? "the text ends before '" + c + "'"
              : "'" + c + "' should stand here");
    }
  }

  private void skipBlanks() {
    while (at < chars.length && chars[at] <= ' ' && " \t\r\n".indexOf(chars[at]) >= 0) {
      at++;
    }
  }

  private FormatException error(String what) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(at, chars.length); i++) {
      boolean newline = chars[i] == '\n';
      line += newline ? 1 : 0;
      column = newline ? 1 : column + 1;
    }
    return new FormatException("JSON, line " + line + ", column " + column + ": " + what, "");
  }
}
