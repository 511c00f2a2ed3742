package org.modelc.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.dsl.recipe.RecipeElaboration;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.SourceText;

/**
 * A wrong model is a diagnostic, never an exception: words and numbers of right models are swapped.
 */
class ElaborationFuzzTest {
  private static final List<String> TEXTS = texts();
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "3",
          "0.5",
          "4000000000",
          "9223372036854775807",
          "B",
          "\"same\"",
          "[]",
          "[1, 2]");

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (String folder :
        List.of("../models", "src/test/resources/corpus", "src/test/resources/errors")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file :
            files.filter(each -> each.toString().endsWith(".model")).sorted().toList()) {
          texts.add(Files.readString(file));
        }
      } catch (IOException unreadable) {
        throw new IllegalStateException(unreadable);
      }
    }
    return texts;
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void anyExchangeOfWords(@ForAll long seed) {
    Random random = new Random(seed);
    String text = exchanged(TEXTS.get(random.nextInt(TEXTS.size())), random);
    ParseResult parsed = SourceParser.parse(new SourceText("fuzz.model", text));
    for (Declaration.Model model : parsed.file().models()) {
      ElaborationResult result = ModelElaborator.elaborate(parsed.file(), model, Map.of());
      boolean errors = result.diagnostics().stream().anyMatch(Diagnostic::isError);
      assertThat(result.model().isEmpty()).as(text).isEqualTo(errors);
    }
    List<Diagnostic> told = new ArrayList<>(ModelElaborator.check(parsed));
    told.addAll(RecipeElaboration.check(parsed));
    assertThat(told).as(text).allSatisfy(each -> assertThat(each.message()).isNotBlank());
  }

  private static String exchanged(String text, Random random) {
    List<String> words = new ArrayList<>(List.of(text.split("(?<=\\W)|(?=\\W)")));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = wordAt(words, random);
      boolean number = Character.isDigit(words.get(at).charAt(0)) || random.nextInt(4) == 0;
      String other =
          number ? NUMBERS.get(random.nextInt(NUMBERS.size())) : words.get(wordAt(words, random));
      words.set(at, other);
    }
    return String.join("", words);
  }

  private static int wordAt(List<String> words, Random random) {
    while (true) {
      int at = random.nextInt(words.size());
      if (Character.isLetterOrDigit(words.get(at).charAt(0))) {
        return at;
      }
    }
  }
}
