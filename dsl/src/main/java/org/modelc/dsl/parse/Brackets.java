package org.modelc.dsl.parse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.modelc.dsl.grammar.ModelParser;

/** Which tokens open and close. */
final class Brackets {
  private Brackets() {}

  static boolean isOpening(Token token) {
    return switch (token.getType()) {
      case ModelParser.LEFT_PAREN,
          ModelParser.GROUP_PAREN,
          ModelParser.LEFT_BRACKET,
          ModelParser.LIST_BRACKET,
          ModelParser.LEFT_BRACE ->
          true;
      default -> false;
    };
  }

  static boolean isClosing(Token token) {
    return switch (token.getType()) {
      case ModelParser.RIGHT_PAREN, ModelParser.RIGHT_BRACKET, ModelParser.RIGHT_BRACE -> true;
      default -> false;
    };
  }

  /** The innermost bracket that is open before a token. */
  static Optional<Token> openBefore(TokenStream tokens, int index) {
    Deque<Token> open = new ArrayDeque<>();
    for (int i = 0; i < index; i++) {
      Token token = tokens.get(i);
      if (token.getChannel() != Token.DEFAULT_CHANNEL) {
        continue;
      }
      if (isOpening(token)) {
        open.push(token);
      } else if (isClosing(token) && !open.isEmpty()) {
        open.pop();
      }
    }
    return Optional.ofNullable(open.peek());
  }
}
