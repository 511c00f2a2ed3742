package org.modelc.dsl.parse;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;

/**
 * Spans of tokens and contexts. The lexer counts code points, spans count UTF-16 units; for texts
 * within the basic plane they are the same, for others the offset is found by walking.
 */
final class Spans {
  private Spans() {}

  static SourceSpan of(SourceText source, Token token) {
    return between(source, token, token);
  }

  static SourceSpan of(SourceText source, ParserRuleContext context) {
    Token stop = context.getStop();
    Token start = context.getStart();
    boolean empty = stop == null || stop.getStopIndex() < start.getStartIndex();
    return between(source, start, empty ? start : stop);
  }

  static SourceSpan between(SourceText source, Token first, Token last) {
    int start = offset(source, first.getStartIndex());
    boolean end = last.getType() == Token.EOF;
    return source.span(
        start, end ? source.text().length() : offset(source, last.getStopIndex() + 1));
  }

  private static int offset(SourceText source, int codePoints) {
    String text = source.text();
    if (codePoints <= 0) {
      return 0;
    }
    if (source.isBasicPlane()) {
      return Math.min(codePoints, text.length());
    }
    int available = text.codePointCount(0, text.length());
    return text.offsetByCodePoints(0, Math.min(codePoints, available));
  }
}
