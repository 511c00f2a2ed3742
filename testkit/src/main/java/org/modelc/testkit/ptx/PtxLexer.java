package org.modelc.testkit.ptx;

import java.util.ArrayList;
import java.util.List;

/** Splits PTX text into words, numbers and signs; comments are left out. */
final class PtxLexer {
  /**
   * One word, number, string or sign.
   *
   * @param line counted from 1
   */
  record Token(String text, int line) {}

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private PtxLexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    PtxLexer lexer = new PtxLexer(source);
    while (lexer.at < source.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  private void next() {
    char first = source.charAt(at);
    if (first == '\n') {
      line++;
      at++;
    } else if (Character.isWhitespace(first) || first == 0) {
      // NVRTC's text ends with 0.
      at++;
    } else if (source.startsWith("//", at)) {
      at = found(source.indexOf('\n', at));
    } else if (source.startsWith("/*", at)) {
      comment();
    } else if (first == '"') {
      token(found(source.indexOf('"', at + 1)) + 1);
    } else if (isWord(first)) {
      word();
    } else {
      token(at + 1);
    }
  }

  private int found(int place) {
    return place < 0 ? source.length() : place;
  }

  private void comment() {
    int end = found(source.indexOf("*/", at));
    for (; at < end; at++) {
      line += source.charAt(at) == '\n' ? 1 : 0;
    }
    at = Math.min(end + 2, source.length());
  }

  private void word() {
    int end = at + 1;
    while (end < source.length() && (isWord(source.charAt(end)) || source.startsWith("::", end))) {
      end += source.charAt(end) == ':' ? 2 : 1;
    }
    token(end);
  }

  private static boolean isWord(char character) {
    return Character.isLetterOrDigit(character)
        || character == '_'
        || character == '.'
        || character == '%'
        || character == '$';
  }

  private void token(int end) {
    int stop = Math.min(end, source.length());
    tokens.add(new Token(source.substring(at, stop), line));
    at = stop;
  }
}
