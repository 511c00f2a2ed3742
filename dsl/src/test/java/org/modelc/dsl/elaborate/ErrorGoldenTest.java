package org.modelc.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.DiagnosticRenderer;
import org.modelc.ir.diagnostic.SourceText;

/**
 * What the user is told about wrong models, word for word; {@code -Dbless=true} writes the texts.
 */
class ErrorGoldenTest {
  private static final Path ERRORS = Path.of("src", "test", "resources", "errors");

  static List<Path> errors() throws IOException {
    try (Stream<Path> files = Files.list(ERRORS)) {
      return files.filter(file -> file.toString().endsWith(".model")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void everyMistakeIsToldOnce(Path file) throws IOException {
    String name = file.getFileName().toString();
    ParseResult parsed = SourceParser.parse(new SourceText(name, Files.readString(file)));
    assertThat(parsed.diagnostics()).isEmpty();
    ElaborationResult result =
        ModelElaborator.elaborate(parsed.file(), parsed.file().models().get(0), Map.of());
    assertThat(result.model()).isEmpty();
    String text = new DiagnosticRenderer(false).render(result.diagnostics());
    Path golden = ERRORS.resolve(name.replace(".model", ".txt"));
    if (Boolean.getBoolean("bless")) {
      Files.writeString(golden, text);
    }
    assertThat(golden).exists();
    assertThat(text).isEqualTo(Files.readString(golden));
  }
}
