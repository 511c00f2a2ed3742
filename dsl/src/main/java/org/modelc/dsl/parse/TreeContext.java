package org.modelc.dsl.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.grammar.ModelLexer;
import org.modelc.dsl.grammar.ModelParser.NameContext;
import org.modelc.dsl.grammar.ModelParser.ReferenceContext;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;

/**
 * What the builders of the tree share: spans, names, numbers, doc comments, and the depth of the
 * tree.
 */
final class TreeContext {
  /** Everything that walks trees recurses, with several frames a level. */
  static final int MAXIMUM_DEPTH = 300;

  private static final int COMMENT_CHANNEL = 2;

  private final SourceText source;
  private final Diagnostics diagnostics;
  private final CommonTokenStream tokens;
  private int depth;
  private boolean tooDeepReported;

  TreeContext(SourceText source, Diagnostics diagnostics, CommonTokenStream tokens) {
    this.source = source;
    this.diagnostics = diagnostics;
    this.tokens = tokens;
  }

  SourceText source() {
    return source;
  }

  SourceSpan span(ParserRuleContext context) {
    return Spans.of(source, context);
  }

  SourceSpan span(Token token) {
    return Spans.of(source, token);
  }

  /** Goes down some levels; each call is undone by {@link #ascend}. */
  boolean descend(int levels, SourceSpan span) {
    depth += levels;
    if (depth <= MAXIMUM_DEPTH) {
      return true;
    }
    if (!tooDeepReported) {
      tooDeepReported = true;
      diagnostics.add(
          DiagnosticCode.TOO_DEEP,
          span,
          "this expression is more than " + MAXIMUM_DEPTH + " levels deep",
          "name parts of it with `let`");
    }
    return false;
  }

  void ascend(int levels) {
    depth -= levels;
  }

  Name name(NameContext context) {
    return name(context.getStart());
  }

  Name name(ReferenceContext context) {
    return name(context.getStart());
  }

  Name name(Token token) {
    String text = token.getText();
    boolean quoted = token.getType() == ModelLexer.QUOTED;
    return new Name(quoted ? withoutQuotes(text, '`') : text, span(token));
  }

  /** The value of a text token, escapes resolved. */
  String text(Token token) {
    String inner = withoutQuotes(token.getText(), '"');
    StringBuilder out = new StringBuilder(inner.length());
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      boolean escape = c == '\\' && i + 1 < inner.length();
      out.append(escape ? unescaped(inner.charAt(++i)) : c);
    }
    return out.toString();
  }

  private static char unescaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      default -> c;
    };
  }

  private static String withoutQuotes(String text, char quote) {
    int end = text.length() > 1 && text.charAt(text.length() - 1) == quote ? 1 : 0;
    return text.substring(1, text.length() - end);
  }

  /** The value of a whole-number token. */
  long integer(Token token) {
    try {
      return Long.parseLong(token.getText().replace("_", ""));
    } catch (NumberFormatException tooLarge) {
      diagnostics.add(DiagnosticCode.NUMBER_RANGE, span(token), "this number does not fit 64 bits");
      return 0;
    }
  }

  OptionalLong integerIfPresent(org.antlr.v4.runtime.tree.TerminalNode node) {
    return node == null ? OptionalLong.empty() : OptionalLong.of(integer(node.getSymbol()));
  }

  /** The value of a number token of either kind. */
  double decimal(Token token) {
    double value = Double.parseDouble(token.getText().replace("_", ""));
    if (Double.isInfinite(value)) {
      diagnostics.add(
          DiagnosticCode.NUMBER_RANGE, span(token), "this number is larger than any f64");
      return 0;
    }
    return value;
  }

  /** The text of the doc comment right above a declaration, without slashes; empty without one. */
  String documentation(ParserRuleContext context) {
    List<Token> before =
        tokens.getHiddenTokensToLeft(context.getStart().getTokenIndex(), COMMENT_CHANNEL);
    if (before == null) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    for (Token token : before) {
      if (token.getType() == ModelLexer.DOC_COMMENT && beginsLine(token)) {
        String line = token.getText().substring(3);
        lines.add(line.startsWith(" ") ? line.substring(1).stripTrailing() : line.stripTrailing());
      } else {
        lines.clear();
      }
    }
    return String.join("\n", lines);
  }

  private boolean beginsLine(Token token) {
    for (int i = token.getTokenIndex() - 1; i >= 0; i--) {
      if (tokens.get(i).getType() != ModelLexer.SPACE) {
        return tokens.get(i).getLine() < token.getLine();
      }
    }
    return true;
  }
}
