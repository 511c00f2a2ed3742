package org.modelc.dsl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.dsl.ast.AstPrinter;
import org.modelc.ir.diagnostic.SourceText;

/**
 * Every text of the corpus parses, and to the tree beside it; {@code -Dbless=true} writes the
 * trees.
 */
class CorpusTest {
  private static final Path CORPUS = Path.of("src", "test", "resources", "corpus");

  static List<Path> corpus() throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      return files.filter(file -> file.toString().endsWith(".model")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void parsesToItsTree(Path file) throws IOException {
    String name = file.getFileName().toString();
    ParseResult result = SourceParser.parse(new SourceText(name, Files.readString(file)));
    assertThat(result.diagnostics()).isEmpty();
    String tree = AstPrinter.print(result.file());
    Path golden = CORPUS.resolve(name.replace(".model", ".ast"));
    if (Boolean.getBoolean("bless")) {
      Files.writeString(golden, tree);
    }
    assertThat(golden).exists();
    assertThat(tree).isEqualTo(Files.readString(golden));
  }
}
