package org.modelc.dsl.parse;

import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.modelc.dsl.grammar.ModelParser;

/**
 * Recovers from syntax errors by statements: one error gives one message, the rest of its statement
 * is skipped, the next statement is read as if nothing had been. ANTLR's own repairs, which guess
 * single tokens, are off: a wrong guess makes errors of its own.
 */
final class StatementRecovery extends DefaultErrorStrategy {
  private int lastReported = -1;

  /** Reports one error a token. */
  @Override
  public void reportError(Parser recognizer, RecognitionException error) {
    int index = error.getOffendingToken().getTokenIndex();
    if (index == lastReported || inErrorRecoveryMode(recognizer)) {
      return;
    }
    lastReported = index;
    super.reportError(recognizer, error);
  }

  /** Passes the error on to the statement it is in, and there skips to the next. */
  @Override
  public void recover(Parser recognizer, RecognitionException error) {
    ParserRuleContext context = recognizer.getContext();
    if (!isRecoveryPoint(context.getRuleIndex())) {
      throw error;
    }
    skip(recognizer, context.getStart().getTokenIndex());
    endErrorCondition(recognizer);
  }

  @Override
  public Token recoverInline(Parser recognizer) {
    throw new InputMismatchException(recognizer);
  }

  /** Where statements repeat, skips what cannot begin one. */
  @Override
  public void sync(Parser recognizer) {
    ATNState state = recognizer.getInterpreter().atn.states.get(recognizer.getState());
    boolean loop =
        state.getStateType() == ATNState.STAR_LOOP_ENTRY
            || state.getStateType() == ATNState.STAR_LOOP_BACK;
    if (!loop || !isBody(recognizer.getContext().getRuleIndex())) {
      return;
    }
    IntervalSet expected = recognizer.getATN().nextTokens(state);
    TokenStream tokens = recognizer.getInputStream();
    while (!expected.contains(tokens.LA(1)) && tokens.LA(1) != Token.EOF) {
      InputMismatchException error = new InputMismatchException(recognizer);
      reportError(recognizer, error);
      if (beginsDeclaration(tokens) && recognizer.getContext().getParent() != null) {
        throw error;
      }
      skip(recognizer, tokens.index());
      endErrorCondition(recognizer);
    }
  }

  /** Skips to the next statement after the one that begins at an index. */
  private void skip(Parser recognizer, int start) {
    TokenStream tokens = recognizer.getInputStream();
    boolean declarations = isTop(recognizer.getContext());
    if (tokens.index() == start && tokens.LA(1) != Token.EOF) {
      recognizer.consume();
    }
    Depth depth = new Depth();
    for (int i = start; i < tokens.index(); i++) {
      depth.pass(tokens.get(i));
    }
    while (tokens.LA(1) != Token.EOF && !canGoOn(tokens, depth, declarations)) {
      depth.pass(tokens.LT(1));
      recognizer.consume();
    }
  }

  private static boolean canGoOn(TokenStream tokens, Depth depth, boolean declarations) {
    if (beginsDeclaration(tokens)) {
      return true;
    }
    if (declarations) {
      return false;
    }
    Token token = tokens.LT(1);
    if (token.getType() == ModelParser.RIGHT_BRACE) {
      return depth.braces <= 0;
    }
    boolean line = beginsLine(tokens);
    return line
        && depth.braces <= 0
        && (depth.others <= 0 || isStatementWord(token))
        && !continues(token);
  }

  private static boolean isTop(ParserRuleContext context) {
    int rule = context.getRuleIndex();
    return rule == ModelParser.RULE_declaration || rule == ModelParser.RULE_file;
  }

  /** Brackets that were opened in the skipped statement and are not yet closed. */
  private static final class Depth {
    private int braces;
    private int others;

    void pass(Token token) {
      if (token.getChannel() != Token.DEFAULT_CHANNEL) {
        return;
      }
      boolean brace =
          token.getType() == ModelParser.LEFT_BRACE || token.getType() == ModelParser.RIGHT_BRACE;
      int change = Brackets.isOpening(token) ? 1 : Brackets.isClosing(token) ? -1 : 0;
      if (brace) {
        braces += change;
        others = 0;
      } else {
        others = Math.max(0, others + change);
      }
    }
  }

  private static boolean beginsLine(TokenStream tokens) {
    Token before = tokens.LT(-1);
    return before == null || before.getLine() < tokens.LT(1).getLine();
  }

  /** A line that begins, unindented, with the first word of a declaration. */
  private static boolean beginsDeclaration(TokenStream tokens) {
    Token token = tokens.LT(1);
    return switch (token.getType()) {
      case ModelParser.MODEL, ModelParser.LAYER, ModelParser.IMPORT -> beginsLine(tokens);
      case ModelParser.DATA,
          ModelParser.TRAIN,
          ModelParser.COMPRESS,
          ModelParser.FN,
          ModelParser.EXPORT ->
          token.getCharPositionInLine() == 0 && beginsLine(tokens);
      default -> false;
    };
  }

  private static boolean isStatementWord(Token token) {
    return switch (token.getType()) {
      case ModelParser.LET,
          ModelParser.VAR,
          ModelParser.PARAM,
          ModelParser.STATE,
          ModelParser.CACHE,
          ModelParser.FOR,
          ModelParser.FN,
          ModelParser.EXPORT ->
          true;
      default -> false;
    };
  }

  private static boolean continues(Token token) {
    return switch (token.getType()) {
      case ModelParser.PIPE,
          ModelParser.PLUS,
          ModelParser.MINUS,
          ModelParser.STAR,
          ModelParser.SLASH,
          ModelParser.AT,
          ModelParser.CONCAT,
          ModelParser.DOT,
          ModelParser.COMMA,
          ModelParser.CARET,
          ModelParser.RIGHT_PAREN,
          ModelParser.RIGHT_BRACKET ->
          true;
      default -> false;
    };
  }

  private static boolean isRecoveryPoint(int rule) {
    return switch (rule) {
      case ModelParser.RULE_file,
          ModelParser.RULE_declaration,
          ModelParser.RULE_member,
          ModelParser.RULE_statement,
          ModelParser.RULE_dataSentence,
          ModelParser.RULE_trainSentence,
          ModelParser.RULE_compressSentence ->
          true;
      default -> false;
    };
  }

  private static boolean isBody(int rule) {
    return switch (rule) {
      case ModelParser.RULE_file,
          ModelParser.RULE_modelBody,
          ModelParser.RULE_block,
          ModelParser.RULE_dataBody,
          ModelParser.RULE_trainBody,
          ModelParser.RULE_compressBody ->
          true;
      default -> false;
    };
  }
}
