package org.modelc.dsl.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.Vocabulary;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.modelc.dsl.grammar.ModelParser;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceText;
import org.modelc.ir.diagnostic.Suggestions;

/** Turns what the parser met into diagnostics in the reader's words. */
final class SyntaxErrors extends BaseErrorListener {
  private static final int MAXIMUM_LISTED = 6;

  private final SourceText source;
  private final Diagnostics diagnostics;

  SyntaxErrors(SourceText source, Diagnostics diagnostics) {
    this.source = source;
    this.diagnostics = diagnostics;
  }

  @Override
  public void syntaxError(
      Recognizer<?, ?> recognizer,
      Object symbol,
      int line,
      int column,
      String message,
      RecognitionException error) {
    Parser parser = (Parser) recognizer;
    Token token = (Token) symbol;
    Optional<IntervalSet> expected = expected(parser, error, token);
    boolean reserved = isReserved(token) && expected.map(SyntaxErrors::wantsOnlyName).orElse(false);
    DiagnosticCode code = reserved ? DiagnosticCode.RESERVED_NAME : DiagnosticCode.SYNTAX;
    String wanted = expected.map(set -> ", expected " + describe(parser, set)).orElse(" here");
    Diagnostic diagnostic =
        Diagnostic.of(code, Spans.of(source, token), "unexpected " + shown(token) + wanted)
            .withHint(hint(parser, token, expected, reserved));
    diagnostics.add(withOpenBracket(parser, token, diagnostic));
  }

  private static Optional<IntervalSet> expected(
      Parser parser, RecognitionException error, Token token) {
    if (error == null) {
      return Optional.empty();
    }
    boolean later = error instanceof NoViableAltException far && far.getStartToken() != token;
    return later
        ? Optional.empty()
        : Optional.of(
            parser
                .getATN()
                .getExpectedTokens(
                    error.getOffendingState() < 0 ? parser.getState() : error.getOffendingState(),
                    error.getCtx()));
  }

  private Diagnostic withOpenBracket(Parser parser, Token token, Diagnostic diagnostic) {
    boolean closing = token.getType() == Token.EOF || Brackets.isClosing(token);
    Optional<Token> open =
        closing || isReserved(token)
            ? Brackets.openBefore(parser.getInputStream(), token.getTokenIndex())
            : Optional.empty();
    if (open.isEmpty() || matches(open.get(), token)) {
      return diagnostic;
    }
    return diagnostic.withNote(
        Spans.of(source, open.get()), "this `" + open.get().getText() + "` is not closed");
  }

  private static boolean matches(Token open, Token close) {
    String pair = open.getText() + close.getText();
    return pair.equals("()") || pair.equals("[]") || pair.equals("{}");
  }

  private static String shown(Token token) {
    if (token.getType() == Token.EOF) {
      return "end of the text";
    }
    String text = token.getText();
    return "`" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "`";
  }

  private static boolean wantsName(IntervalSet expected) {
    return expected.contains(ModelParser.IDENTIFIER);
  }

  private static boolean wantsOnlyName(IntervalSet expected) {
    return wantsName(expected) && bodyPart(expected).isEmpty();
  }

  /** What a body consists of, where its next part or its end is wanted. */
  private static Optional<String> bodyPart(IntervalSet expected) {
    if (expected.contains(ModelParser.EPOCHS) && !wantsName(expected)) {
      return Optional.of("a sentence of train or `}`");
    }
    if (expected.contains(ModelParser.PRUNE) && !wantsName(expected)) {
      return Optional.of("a sentence of compress or `}`");
    }
    if (expected.contains(ModelParser.COMPRESS) && expected.contains(Token.EOF)) {
      return Optional.of("model, layer, fn, data, train, compress or import");
    }
    boolean body = expected.contains(ModelParser.LET) && expected.contains(ModelParser.RIGHT_BRACE);
    return body
        ? Optional.of(wantsName(expected) ? "a statement or `}`" : "a member of the model or `}`")
        : Optional.empty();
  }

  private static boolean isReserved(Token token) {
    return token.getType() >= ModelParser.MODEL && token.getType() <= ModelParser.EXPORT;
  }

  private static Optional<String> hint(
      Parser parser, Token token, Optional<IntervalSet> expected, boolean reserved) {
    if (reserved) {
      return Optional.of("`" + token.getText() + "` is reserved; as a name write it in backquotes");
    }
    if (token.getType() != ModelParser.IDENTIFIER || expected.isEmpty()) {
      return Optional.empty();
    }
    return Suggestions.didYouMean(token.getText(), words(parser, expected.get()));
  }

  private static List<String> words(Parser parser, IntervalSet expected) {
    Vocabulary vocabulary = parser.getVocabulary();
    List<String> words = new ArrayList<>();
    for (int type : expected.toList()) {
      if (type >= ModelParser.MODEL && type <= ModelParser.TRAINING) {
        words.add(unquoted(vocabulary, type));
      }
    }
    return words;
  }

  private static String describe(Parser parser, IntervalSet expected) {
    return bodyPart(expected).orElseGet(() -> tokens(parser, expected));
  }

  private static String tokens(Parser parser, IntervalSet expected) {
    List<String> parts = new ArrayList<>();
    boolean expression = expected.contains(ModelParser.FLOAT) && wantsName(expected);
    if (expression) {
      parts.add("an expression");
    } else if (wantsName(expected)) {
      parts.add("a name");
    }
    for (int type : expected.toList()) {
      if (!covered(type, expression, wantsName(expected))) {
        parts.add(display(parser.getVocabulary(), type));
      }
    }
    return join(parts.stream().distinct().toList());
  }

  /** Words that may be names and tokens that begin expressions need no mention of their own. */
  private static boolean covered(int type, boolean expression, boolean name) {
    boolean contextual = type >= ModelParser.AND && type <= ModelParser.TRAINING;
    boolean literal =
        switch (type) {
          case ModelParser.FLOAT,
              ModelParser.INTEGER,
              ModelParser.STRING,
              ModelParser.IF,
              ModelParser.SCAN,
              ModelParser.MINUS,
              ModelParser.LEFT_PAREN,
              ModelParser.LEFT_BRACKET,
              ModelParser.GROUP_PAREN,
              ModelParser.LIST_BRACKET ->
              true;
          default -> false;
        };
    boolean nameToken = type == ModelParser.IDENTIFIER || type == ModelParser.QUOTED;
    return name && (contextual || nameToken) || expression && literal;
  }

  private static String display(Vocabulary vocabulary, int type) {
    return switch (type) {
      case Token.EOF -> "end of the text";
      case ModelParser.STRING -> "a text in quotes";
      case ModelParser.INTEGER -> "a whole number";
      case ModelParser.FLOAT -> "a number";
      case ModelParser.GROUP_PAREN -> "`(`";
      case ModelParser.LIST_BRACKET -> "`[`";
      default -> "`" + unquoted(vocabulary, type) + "`";
    };
  }

  private static String unquoted(Vocabulary vocabulary, int type) {
    String literal = vocabulary.getLiteralName(type);
    return literal == null
        ? vocabulary.getSymbolicName(type)
        : literal.substring(1, literal.length() - 1);
  }

  private static String join(List<String> parts) {
    if (parts.size() > MAXIMUM_LISTED) {
      return String.join(", ", parts.subList(0, MAXIMUM_LISTED)) + ", …";
    }
    int last = parts.size() - 1;
    return last < 1
        ? String.join("", parts)
        : String.join(", ", parts.subList(0, last)) + " or " + parts.get(last);
  }
}
