package org.modelc.dsl.format;

import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.modelc.dsl.grammar.ModelLexer;

/** The spaces between two tokens of one line. */
final class TokenSpacing {
  private static final Set<Integer> BINARY =
      Set.of(
          ModelLexer.PIPE,
          ModelLexer.CONCAT,
          ModelLexer.EQUAL,
          ModelLexer.NOT_EQUAL,
          ModelLexer.LESS_EQUAL,
          ModelLexer.GREATER_EQUAL,
          ModelLexer.LESS,
          ModelLexer.GREATER,
          ModelLexer.PLUS,
          ModelLexer.STAR,
          ModelLexer.SLASH,
          ModelLexer.AT,
          ModelLexer.AND,
          ModelLexer.OR);

  private static final Set<Integer> TIGHT =
      Set.of(ModelLexer.DOT, ModelLexer.RANGE, ModelLexer.CARET);

  private static final Set<Integer> OPENING =
      Set.of(ModelLexer.LEFT_PAREN, ModelLexer.LEFT_BRACKET, ModelLexer.LEFT_BRACE);

  private static final Set<Integer> CLOSING =
      Set.of(ModelLexer.RIGHT_PAREN, ModelLexer.RIGHT_BRACKET, ModelLexer.RIGHT_BRACE);

  private TokenSpacing() {}

  static boolean isOpening(Token token) {
    return OPENING.contains(token.getType());
  }

  static boolean isClosing(Token token) {
    return CLOSING.contains(token.getType());
  }

  static boolean isBinary(int type) {
    return BINARY.contains(type);
  }

  /**
   * The spaces before {@code next}.
   *
   * @param beforeThat the token before {@code before} on the line, or null
   */
  static String between(Token beforeThat, Token before, Token next) {
    if (next.getChannel() == 2) {
      return "  ";
    }
    if (isTight(beforeThat, before, next)) {
      return "";
    }
    if (OPENING.contains(next.getType()) && next.getType() != ModelLexer.LEFT_BRACE) {
      return touches(before, next) && !isOperator(before) ? "" : " ";
    }
    return separates(before, next) ? "   " : " ";
  }

  private static boolean isTight(Token beforeThat, Token before, Token next) {
    int left = before.getType();
    int right = next.getType();
    if (TIGHT.contains(left) || TIGHT.contains(right) || left == ModelLexer.ELLIPSIS) {
      return true;
    }
    if (right == ModelLexer.COMMA || right == ModelLexer.COLON || right == ModelLexer.PERCENT) {
      return true;
    }
    if (left == ModelLexer.LEFT_PAREN || left == ModelLexer.LEFT_BRACKET) {
      return true;
    }
    if (right == ModelLexer.RIGHT_PAREN || right == ModelLexer.RIGHT_BRACKET) {
      return true;
    }
    boolean ratio = left == ModelLexer.COLON && right == ModelLexer.INTEGER;
    if (ratio && beforeThat != null && beforeThat.getType() == ModelLexer.INTEGER) {
      return true;
    }
    return left == ModelLexer.LEFT_BRACE && right == ModelLexer.RIGHT_BRACE
        || left == ModelLexer.MINUS && isSign(beforeThat);
  }

  /** Whether a minus after this token is a sign, not a subtraction. */
  private static boolean isSign(Token before) {
    if (before == null) {
      return false;
    }
    int type = before.getType();
    return isOperator(before)
        || type == ModelLexer.LEFT_PAREN
        || type == ModelLexer.LEFT_BRACKET
        || type == ModelLexer.COMMA
        || type == ModelLexer.COLON
        || type == ModelLexer.CARET
        || type == ModelLexer.RANGE
        || type == ModelLexer.IN;
  }

  private static boolean isOperator(Token token) {
    int type = token.getType();
    return isBinary(type)
        || type == ModelLexer.MINUS
        || type == ModelLexer.ASSIGN
        || type == ModelLexer.ARROW;
  }

  private static boolean touches(Token before, Token next) {
    return before.getStopIndex() + 1 == next.getStartIndex();
  }

  /** Two or more spaces between words part two sentences on one line; they stay, as three. */
  private static boolean separates(Token before, Token next) {
    boolean wide = before.getStopIndex() + 2 < next.getStartIndex();
    return wide && !isOperator(before) && !isOperator(next) && isWord(next) && !isDelimiter(before);
  }

  private static boolean isWord(Token token) {
    return Character.isLetter(token.getText().charAt(0));
  }

  private static boolean isDelimiter(Token token) {
    int type = token.getType();
    boolean reserved = type >= ModelLexer.MODEL && type <= ModelLexer.EXPORT;
    return reserved || isOpening(token) || type == ModelLexer.COMMA || type == ModelLexer.COLON;
  }
}
