package org.modelc.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.SourceText;
import org.modelc.runtime.spec.TensorSpec;

/** Elaborates texts in tests. */
final class Models {
  private Models() {}

  static ElaborationResult result(String text, Map<String, LearnedInput> learned) {
    ParseResult parsed = SourceParser.parse(new SourceText("test.model", text));
    assertThat(parsed.diagnostics()).isEmpty();
    return ModelElaborator.elaborate(parsed.file(), parsed.file().models().get(0), learned);
  }

  /** The model of a text without mistakes. */
  static ElaboratedModel model(String... lines) {
    ElaborationResult result = result(String.join("\n", lines), Map.of());
    assertThat(result.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    return result.model().orElseThrow();
  }

  /** The errors of a text, a line each. */
  static List<String> errors(String... lines) {
    return result(String.join("\n", lines), Map.of()).diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::toString)
        .toList();
  }

  static List<String> names(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::name).toList();
  }
}
