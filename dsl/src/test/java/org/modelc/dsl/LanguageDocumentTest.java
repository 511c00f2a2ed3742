package org.modelc.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Vocabulary;
import org.junit.jupiter.api.Test;
import org.modelc.dsl.elaborate.ReferenceWriter;
import org.modelc.dsl.grammar.ModelParser;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.SourceText;

/**
 * docs/language.md against the grammar: its examples parse, and no word of the grammar is missing.
 */
class LanguageDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "language.md");
  private static final Pattern EXAMPLE = Pattern.compile("```model\\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyExampleParses() throws IOException {
    Matcher matcher = EXAMPLE.matcher(Files.readString(DOCUMENT));
    int examples = 0;
    while (matcher.find()) {
      SourceText text = new SourceText("example " + ++examples, matcher.group(1));
      assertThat(SourceParser.parse(text).diagnostics()).isEmpty();
    }
    assertThat(examples).isGreaterThan(8);
  }

  @Test
  void everyWordOfTheGrammarIsExplained() throws IOException {
    String document = Files.readString(DOCUMENT);
    Vocabulary vocabulary = ModelParser.VOCABULARY;
    List<String> missing = new ArrayList<>();
    for (int type = ModelParser.MODEL; type <= ModelParser.TRAINING; type++) {
      String word = vocabulary.getLiteralName(type).replace("'", "");
      if (!Pattern.compile("(?<!\\w)" + word + "(?!\\w)").matcher(document).find()) {
        missing.add(word);
      }
    }
    assertThat(missing).isEmpty();
  }

  /** docs/reference.md is written by the product; {@code -Dbless=true} writes it anew. */
  @Test
  void theReferenceIsUpToDate() throws IOException {
    Path page = Path.of("..", "docs", "reference.md");
    if (Boolean.getBoolean("bless")) {
      Files.writeString(page, ReferenceWriter.write());
    }
    assertThat(Files.readString(page))
        .as("docs/reference.md is old: run this test with -Dbless=true")
        .isEqualTo(ReferenceWriter.write());
  }

  @Test
  void everyContextualWordMayBeAName() {
    Vocabulary vocabulary = ModelParser.VOCABULARY;
    for (int type = ModelParser.EXPORT + 1; type <= ModelParser.TRAINING; type++) {
      String word = vocabulary.getLiteralName(type).replace("'", "");
      SourceText text =
          new SourceText(
              "names", "fn f(" + word + ": int) -> int { let " + word + " = 3 " + word + " }");
      boolean operator = List.of("and", "or", "not", "as", "else", "emit").contains(word);
      assertThat(operator || SourceParser.parse(text).isComplete()).as(word).isTrue();
    }
  }
}
