package org.modelc.ir.graph;

/** Walks over the text of a graph. Spaces and {@code #} comments between tokens are skipped. */
final class GraphScanner {
  private static final int MAXIMUM_DEPTH = 64;
  private final String text;
  private int position;
  private int depth;

  GraphScanner(String text) {
    this.text = text;
  }

  GraphParseException error(String message) {
    return new GraphParseException(message, text, Math.min(position, text.length()));
  }

  int position() {
    return position;
  }

  /** An error at an earlier place. */
  GraphParseException error(String message, int at) {
    return new GraphParseException(message, text, at);
  }

  /** Enters a nested graph or type. */
  void enter() {
    if (++depth > MAXIMUM_DEPTH) {
      throw error("nested deeper than " + MAXIMUM_DEPTH);
    }
  }

  void leave() {
    depth--;
  }

  void skipSpace() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '#') {
        int end = text.indexOf('\n', position);
        position = end < 0 ? text.length() : end;
      } else if (Character.isWhitespace(c)) {
        position++;
      } else {
        return;
      }
    }
  }

  boolean atEnd() {
    skipSpace();
    return position >= text.length();
  }

  /** Whether a token comes next; it is not consumed. */
  boolean sees(String token) {
    skipSpace();
    return text.startsWith(token, position);
  }

  /** Consumes a token if it comes next. */
  boolean accept(String token) {
    boolean seen = sees(token);
    position += seen ? token.length() : 0;
    return seen;
  }

  void expect(String token) {
    if (!accept(token)) {
      throw error("'" + token + "' expected");
    }
  }

  /** Consumes a word if exactly it comes next. */
  boolean acceptWord(String word) {
    skipSpace();
    int start = position;
    if (seesWordCharacter() && word().equals(word)) {
      return true;
    }
    position = start;
    return false;
  }

  private boolean seesWordCharacter() {
    return position < text.length() && isWordCharacter(text.charAt(position));
  }

  private static boolean isWordCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$' || c == '-' || c == '/';
  }

  /** A run of letters, digits and {@code _ . $ - /}. */
  String word() {
    skipSpace();
    int start = position;
    while (seesWordCharacter()) {
      position++;
    }
    if (start == position) {
      throw error("a name expected");
    }
    return text.substring(start, position);
  }

  /** A value's name after {@code %}. */
  String valueName() {
    expect("%");
    int start = position;
    while (seesWordCharacter() && "-$/".indexOf(text.charAt(position)) < 0) {
      position++;
    }
    return text.substring(start, position);
  }

  long integer() {
    int start = position;
    String word = word();
    if (!word.matches("-?[0-9]{1,18}|-?[0-9]{19}")) {
      throw error("a whole number expected", start);
    }
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw error("a whole number below 2^63 expected", start);
    }
  }

  /** A quoted text with {@code \"} and {@code \\}. */
  String quoted() {
    expect("\"");
    StringBuilder value = new StringBuilder();
    while (position < text.length() && text.charAt(position) != '"') {
      boolean escape = text.charAt(position) == '\\' && position + 1 < text.length();
      position += escape ? 1 : 0;
      value.append(text.charAt(position++));
    }
    if (position >= text.length()) {
      throw error("the text is not closed by '\"'");
    }
    position++;
    return value.toString();
  }

  /** Everything up to one of the given characters outside brackets and quotes. */
  String until(String stops) {
    skipSpace();
    int start = position;
    int brackets = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '"') {
        quoted();
        continue;
      } else if (brackets == 0 && stops.indexOf(c) >= 0) {
        return text.substring(start, position).trim();
      }
      brackets += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (brackets < 0 || brackets > MAXIMUM_DEPTH) {
        throw error(brackets < 0 ? "']' without '['" : "nested too deep");
      }
      position++;
    }
    throw error("one of '" + stops + "' expected before the end");
  }
}
