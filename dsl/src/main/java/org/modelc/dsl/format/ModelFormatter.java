package org.modelc.dsl.format;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.modelc.dsl.grammar.ModelLexer;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceText;

/**
 * Lays out a model file: four spaces an open bracket, one more step for a continued expression, one
 * space around operators, at most one empty line.
 *
 * <p>Lines are never joined or split, because a line's beginning tells a call from a group; so the
 * tree stays the same whatever the layout, comments stay where they are, and formatting twice is
 * formatting once.
 */
public final class ModelFormatter {
  private static final int STEP = 4;

  private final List<List<Token>> lines = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private ModelFormatter() {}

  /**
   * The text laid out.
   *
   * @throws DiagnosticException if the text does not parse
   */
  public static String format(SourceText source) {
    var parsed = SourceParser.parse(source);
    if (!parsed.isComplete()) {
      throw new DiagnosticException(parsed.diagnostics());
    }
    ModelFormatter formatter = new ModelFormatter();
    formatter.collect(source);
    formatter.print();
    return formatter.text.toString();
  }

  private void collect(SourceText source) {
    ModelLexer lexer = new ModelLexer(CharStreams.fromString(source.text()));
    lexer.removeErrorListeners();
    int line = 0;
    for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
      if (token.getType() == ModelLexer.SPACE) {
        continue;
      }
      if (token.getLine() != line) {
        addEmptyLine(line, token.getLine());
        lines.add(new ArrayList<>());
        line = token.getLine();
      }
      lines.get(lines.size() - 1).add(token);
    }
  }

  /** Keeps one empty line of those between two lines, and none at the beginning. */
  private void addEmptyLine(int before, int after) {
    if (before > 0 && after > before + 1) {
      lines.add(new ArrayList<>());
    }
  }

  private void print() {
    int depth = 0;
    for (List<Token> line : lines) {
      if (!line.isEmpty()) {
        int closing = leadingClosings(line);
        int steps = depth - closing + (continues(line.get(0)) ? 1 : 0);
        text.append(" ".repeat(STEP * Math.max(0, steps)));
        printLine(line);
        depth = Math.max(0, depth + balance(line));
      }
      text.append('\n');
    }
  }

  private static int leadingClosings(List<Token> line) {
    int count = 0;
    while (count < line.size() && TokenSpacing.isClosing(line.get(count))) {
      count++;
    }
    return count;
  }

  /** A line that begins with an operator goes on with the expression above. */
  private static boolean continues(Token first) {
    return TokenSpacing.isBinary(first.getType()) || first.getType() == ModelLexer.MINUS;
  }

  private static int balance(List<Token> line) {
    int balance = 0;
    for (Token token : line) {
      balance += TokenSpacing.isOpening(token) ? 1 : TokenSpacing.isClosing(token) ? -1 : 0;
    }
    return balance;
  }

  private void printLine(List<Token> line) {
    for (int i = 0; i < line.size(); i++) {
      if (i > 0) {
        Token beforeThat = i > 1 ? line.get(i - 2) : null;
        text.append(TokenSpacing.between(beforeThat, line.get(i - 1), line.get(i)));
      }
      text.append(line.get(i).getText().stripTrailing());
    }
  }
}
