package org.modelc.testkit.ptx;

import java.util.List;
import org.modelc.testkit.ptx.PtxLexer.Token;

/** A place in a list of tokens. */
final class PtxTokens {
  private final List<Token> tokens;
  private int at;

  PtxTokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  boolean atEnd() {
    return at >= tokens.size();
  }

  Token next() {
    if (atEnd()) {
      throw new PtxFailure("the text ends within a function");
    }
    return tokens.get(at++);
  }

  Token peek() {
    if (atEnd()) {
      throw new PtxFailure("the text ends within a function");
    }
    return tokens.get(at);
  }

  boolean peek(String text) {
    return !atEnd() && tokens.get(at).text().equals(text);
  }

  /** Whether the token after the next is this one. */
  boolean peekSecond(String text) {
    return at + 1 < tokens.size() && tokens.get(at + 1).text().equals(text);
  }

  boolean accept(String text) {
    boolean there = peek(text);
    at += there ? 1 : 0;
    return there;
  }

  void expect(String text) {
    Token token = next();
    if (!token.text().equals(text)) {
      throw new PtxFailure(
          "line " + token.line() + ": " + text + " was expected, not " + token.text());
    }
  }

  void skipLine(int line) {
    while (!atEnd() && tokens.get(at).line() == line) {
      at++;
    }
  }

  void skipBraces() {
    while (!next().text().equals("{")) {
      // The section's name.
    }
    while (!next().text().equals("}")) {
      // Debug information.
    }
  }
}
