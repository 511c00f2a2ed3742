package org.modelc.dsl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.antlr.v4.runtime.Vocabulary;
import org.modelc.dsl.grammar.ModelParser;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticRenderer;
import org.modelc.ir.diagnostic.SourceText;

/** Whatever the text, the parser ends, throws nothing, and explains itself. */
class ParserFuzzTest {
  private static final List<String> WORDS = words();
  private static final List<String> CORPUS = corpus();

  private static List<String> words() {
    List<String> words =
        new ArrayList<>(
            List.of("x", "`a b`", "\"t\"", "1", "2.5e-3", "\n", "\n", "// c\n", "/// d\n"));
    Vocabulary vocabulary = ModelParser.VOCABULARY;
    for (int type = 0; type <= vocabulary.getMaxTokenType(); type++) {
      String literal = vocabulary.getLiteralName(type);
      if (literal != null) {
        words.add(literal.substring(1, literal.length() - 1));
      }
    }
    return words;
  }

  private static List<String> corpus() {
    try {
      List<String> texts = new ArrayList<>();
      for (Path file : CorpusTest.corpus()) {
        texts.add(Files.readString(file));
      }
      return texts;
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  @Provide
  Arbitrary<String> soups() {
    return Arbitraries.of(WORDS).list().ofMaxSize(60).map(words -> String.join(" ", words));
  }

  @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
  void anyText(@ForAll String text) {
    check(text);
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.BOUNDED)
  void anySoupOfTokens(@ForAll("soups") String text) {
    check(text);
    check("model A { fn f(x: f32[B]) {\n" + text);
    check("train A on b {\n" + text + "\n}");
  }

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void anyMutationOfTheCorpus(@ForAll long seed) {
    check(mutated(new Random(seed)));
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(CORPUS.get(random.nextInt(CORPUS.size())));
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(30));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, WORDS.get(random.nextInt(WORDS.size())));
        case 2 -> text.insert(at, text.substring(at, end));
        default -> text.insert(at, (char) random.nextInt(0x300));
      }
    }
    return text.toString();
  }

  private static void check(String text) {
    ParseResult result = SourceParser.parse(new SourceText("fuzz.model", text));
    List<Diagnostic> diagnostics = result.diagnostics();
    new DiagnosticRenderer(true).render(diagnostics);
    assertThat(diagnostics).allMatch(diagnostic -> diagnostic.span().end() <= text.length());
    org.modelc.dsl.ast.AstPrinter.print(result.file());
  }
}
