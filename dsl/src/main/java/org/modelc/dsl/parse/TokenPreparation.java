package org.modelc.dsl.parse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.WritableToken;
import org.modelc.dsl.grammar.ModelLexer;
import org.modelc.dsl.grammar.ModelParser;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceText;

/**
 * Reads the tokens of a text and does what the grammar cannot say: reports characters and texts
 * that are no tokens, tells brackets that call or index from those that group, and bounds the
 * nesting, so that the parser, which recurses with the brackets, cannot run out of stack.
 */
final class TokenPreparation {
  /** Deep enough for people and generators, shallow enough for a thread's stack of 512 KB. */
  static final int MAXIMUM_NESTING = 100;

  private final SourceText source;
  private final Diagnostics diagnostics;

  TokenPreparation(SourceText source, Diagnostics diagnostics) {
    this.source = source;
    this.diagnostics = diagnostics;
  }

  /** All tokens, comments and spaces included, the end of the text last. */
  List<Token> tokens() {
    ModelLexer lexer = new ModelLexer(CharStreams.fromString(source.text(), source.name()));
    lexer.removeErrorListeners();
    List<Token> tokens = new ArrayList<>();
    for (Token token = lexer.nextToken(); ; token = lexer.nextToken()) {
      tokens.add(token);
      if (token.getType() == Token.EOF) {
        break;
      }
    }
    return prepared(tokens);
  }

  private List<Token> prepared(List<Token> tokens) {
    Token before = null;
    Token beforeThat = null;
    for (int i = 0; i < tokens.size(); i++) {
      WritableToken token = (WritableToken) tokens.get(i);
      token.setTokenIndex(i);
      reportBroken(token);
      if (token.getChannel() == Token.DEFAULT_CHANNEL) {
        markGroup(token, before, beforeThat);
        beforeThat = before;
        before = token;
      }
    }
    return boundedNesting(tokens) ? tokens : List.of(tokens.get(tokens.size() - 1));
  }

  private void reportBroken(WritableToken token) {
    switch (token.getType()) {
      case ModelLexer.UNKNOWN -> {
        token.setChannel(Token.HIDDEN_CHANNEL);
        report(token, DiagnosticCode.UNKNOWN_CHARACTER, unknownCharacter(token.getText()));
      }
      case ModelLexer.UNCLOSED_STRING -> {
        token.setType(ModelLexer.STRING);
        report(token, DiagnosticCode.UNCLOSED, "this text has no closing `\"` on its line");
      }
      case ModelLexer.UNCLOSED_QUOTED -> {
        token.setType(ModelLexer.QUOTED);
        report(token, DiagnosticCode.UNCLOSED, "this name has no closing backquote on its line");
      }
      default -> {}
    }
  }

  private static String unknownCharacter(String text) {
    int codePoint = text.codePointAt(0);
    boolean visible = !Character.isISOControl(codePoint) && !Character.isSurrogate(text.charAt(0));
    String shown = visible ? "`" + text + "`, " : "";
    return "unknown character " + shown + String.format("U+%04X", codePoint);
  }

  /** `(` and `[` call and index what stands before them on their line; else they begin a group. */
  private static void markGroup(WritableToken token, Token before, Token beforeThat) {
    boolean applied =
        before != null && before.getLine() == token.getLine() && isTarget(before, beforeThat);
    if (!applied && token.getType() == ModelLexer.LEFT_PAREN) {
      token.setType(ModelParser.GROUP_PAREN);
    } else if (!applied && token.getType() == ModelLexer.LEFT_BRACKET) {
      token.setType(ModelParser.LIST_BRACKET);
    }
  }

  /** Whether a token can end what is called or indexed. */
  private static boolean isTarget(Token token, Token before) {
    int type = token.getType();
    return switch (type) {
      case ModelLexer.AND, ModelLexer.OR, ModelLexer.NOT, ModelLexer.AS, ModelLexer.ELSE -> false;
      case ModelLexer.IN, ModelLexer.ALONG, ModelLexer.EMIT -> false;
      case ModelLexer.WHERE -> before == null || !Brackets.isClosing(before);
      case ModelLexer.RIGHT_PAREN, ModelLexer.RIGHT_BRACKET -> true;
      case ModelLexer.IDENTIFIER, ModelLexer.QUOTED -> true;
      default -> type > ModelLexer.EXPORT && type <= ModelLexer.TRAINING;
    };
  }

  private boolean boundedNesting(List<Token> tokens) {
    Deque<Token> open = new ArrayDeque<>();
    for (Token token : tokens) {
      if (Brackets.isOpening(token)) {
        open.push(token);
        if (open.size() > MAXIMUM_NESTING) {
          report(
              token,
              DiagnosticCode.TOO_DEEP,
              "brackets nest more than " + MAXIMUM_NESTING + " deep here");
          return false;
        }
      } else if (Brackets.isClosing(token) && !open.isEmpty()) {
        open.pop();
      }
    }
    return true;
  }

  private void report(Token token, DiagnosticCode code, String message) {
    diagnostics.add(code, Spans.of(source, token), message);
  }
}
