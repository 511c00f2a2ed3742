package org.modelc.dsl.parse;

import java.util.List;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.grammar.ModelParser;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;

/** Reads the text of a model file. */
public final class SourceParser {
  private SourceParser() {}

  /** The tree and the syntax errors of a text; never throws, whatever the text. */
  public static ParseResult parse(SourceText source) {
    Diagnostics diagnostics = new Diagnostics();
    try {
      ModelFile file = build(source, diagnostics);
      return new ParseResult(file, diagnostics.sorted());
    } catch (StackOverflowError overflow) {
      // Nesting is bounded by TokenPreparation and TreeDepth; this is for threads with tiny stacks.
      SourceSpan whole = source.span(0, source.text().length());
      diagnostics.add(DiagnosticCode.TOO_DEEP, whole, "nested too deeply for this thread's stack");
      return new ParseResult(new ModelFile(source, List.of()), diagnostics.sorted());
    }
  }

  private static ModelFile build(SourceText source, Diagnostics diagnostics) {
    CommonTokenStream tokens = stream(new TokenPreparation(source, diagnostics).tokens());
    ModelParser parser = parser(tokens);
    parser.removeErrorListeners();
    parser.addErrorListener(new SyntaxErrors(source, diagnostics));
    return new DeclarationBuilder(new TreeContext(source, diagnostics, tokens)).file(parser.file());
  }

  static CommonTokenStream stream(List<Token> tokens) {
    CommonTokenStream stream = new CommonTokenStream(new ListTokenSource(tokens));
    stream.fill();
    return stream;
  }

  static ModelParser parser(CommonTokenStream tokens) {
    ModelParser parser = new ModelParser(tokens);
    parser.setErrorHandler(new StatementRecovery());
    return parser;
  }
}
