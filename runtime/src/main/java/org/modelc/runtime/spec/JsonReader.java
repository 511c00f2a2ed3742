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

  /** Whether the text is a manifest: buffers of programs are {@link LaterList}s. */
  private final boolean manifest;

  /** Whether only what predictions need is read: programs, too, are read later, the rest never. */
  private final boolean start;

  /** Whether this is inside the field of that name, whose programs are read one by one. */
  private boolean inNative;

  private int at;
  private int depth;

  JsonReader(String text) {
    this(text, text.toCharArray(), false, false);
  }

  private JsonReader(String text, char[] chars, boolean manifest, boolean start) {
    this.text = text;
    this.chars = chars;
    this.manifest = manifest;
    this.start = start;
  }

  /**
   * A reader of a manifest, of which long lists are read when they are first looked at.
   *
   * @param start only what predictions need; the rest is missing
   */
  static JsonReader ofManifest(String text, boolean start) {
    return new JsonReader(text, text.toCharArray(), true, start);
  }

  /** Another reader at the same place. */
  JsonReader copy() {
    JsonReader copy = new JsonReader(text, chars, manifest, false);
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
        Object value = manifest && isLater(name) ? readLater(name) : readValue();
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

  /** As {@link #readArray}, but objects are readers that stand at their beginnings. */
  private List<Object> readParts() {
    skipBlanks();
    if (at == chars.length || chars[at] != '[') {
      throw error("a list should stand here");
    }
    enter();
    List<Object> parts = new ArrayList<>();
    if (!next(']')) {
      do {
        skipBlanks();
        boolean isObject = at < chars.length && chars[at] == '{';
        parts.add(isObject ? copy() : readValue());
        if (isObject) {
          skipNested("an object");
        }
      } while (next(','));
      expect(']');
    }
    depth--;
    return parts;
  }

  private boolean isLater(String name) {
    if (start && depth == 1) {
      inNative = name.equals("nativeCode");
    }
    if (!start || depth > 1) {
      return name.equals("buffers") || (inNative && depth == 2 && name.equals("programs"));
    }
    return switch (name) {
      case "programs", "data", "recipe", "targets", "metrics", "baselines" -> true;
      default -> false;
    };
  }

  /** A list, to be read later; null for an object, which is not wanted; any other value. */
  private Object readLater(String name) {
    if (depth == 2 && name.equals("programs")) {
      return readParts();
    }
    skipBlanks();
    boolean isList = at < chars.length && chars[at] == '[';
    if (!isList && (name.equals("buffers") || at == chars.length || chars[at] != '{')) {
      return readValue();
    }
    LaterList list = isList ? new LaterList(copy()) : null;
    skipNested(isList ? "a list" : "an object");
    return list;
  }

  private void skipNested(String what) {
    int open = 0;
    do {
      if (at == chars.length) {
        throw error("the text ends inside " + what);
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
  }

  private void skipString() {
    char[] all = chars;
    int end = at;
    while (end < all.length && all[end] != '"') {
      end += all[end] == '\\' ? 2 : 1;
    }
    at = Math.min(end + 1, all.length);
  }

  private void enter() {
    at++;
    if (++depth > MAX_DEPTH) {
      throw error("more than " + MAX_DEPTH + " levels of nesting");
    }
  }

  private String readString() {
    at++;
    char[] all = chars;
    int start = at;
    int end = start;
    while (end < all.length && all[end] != '"' && all[end] != '\\' && all[end] >= ' ') {
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
      } catch (IllegalArgumentException tooLarge) {
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
