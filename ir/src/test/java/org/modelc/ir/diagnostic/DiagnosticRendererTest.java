package org.modelc.ir.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticRendererTest {
  private final SourceText source =
      new SourceText("net.model", "model Net {\r\n\tlet y = x @ w\n}\n");

  @Test
  void showsTheLineWithCaretsUnderTheSpan() {
    int start = source.text().indexOf("x @ w");
    Diagnostic diagnostic =
        Diagnostic.of(DiagnosticCode.OPERATOR_TYPES, source.span(start, start + 5), "inner dims")
            .withNote(source.span(0, 5), "used here")
            .withHint("transpose(w)");
    assertThat(new DiagnosticRenderer(false).render(diagnostic))
        .isEqualTo(
            "error[E204]: inner dims\n"
                + "  --> net.model:2:10\n"
                + "   |\n"
                + " 2 | \tlet y = x @ w\n"
                + "   | \t        ^^^^^\n"
                + "  note: net.model:1:1: used here\n"
                + "  hint: transpose(w)\n");
    assertThat(diagnostic.toString()).isEqualTo("E204 net.model:2:10: inner dims; transpose(w)");
  }

  @Test
  void coloursOnlyWhenAsked() {
    Diagnostic diagnostic = Diagnostic.of(DiagnosticCode.SYNTAX, source.span(0, 5), "wrong");
    assertThat(new DiagnosticRenderer(true).render(diagnostic)).contains("\u001b[1;31m");
    assertThat(new DiagnosticRenderer(false).render(diagnostic)).doesNotContain("\u001b");
  }

  @Test
  void survivesSpansAtTheEndOfTheTextAndOverSeveralLines() {
    DiagnosticRenderer renderer = new DiagnosticRenderer(false);
    int end = source.text().length();
    for (int start = 0; start <= end; start++) {
      Diagnostic diagnostic =
          Diagnostic.of(DiagnosticCode.SYNTAX, source.span(start, end), "wrong");
      assertThat(renderer.render(diagnostic)).contains("^");
    }
  }

  @Test
  void cutsVeryLongLines() {
    SourceText wide = new SourceText("wide.model", "x".repeat(100_000));
    Diagnostic diagnostic =
        Diagnostic.of(DiagnosticCode.SYNTAX, wide.span(50_000, 99_000), "wrong");
    assertThat(new DiagnosticRenderer(false).render(diagnostic)).hasSizeLessThan(1_000);
  }

  @Test
  void collectorSortsByPlaceAndKeepsEqualOnesOnce() {
    Diagnostics diagnostics = new Diagnostics();
    diagnostics.add(DiagnosticCode.SYNTAX, source.span(8, 9), "second");
    diagnostics.add(DiagnosticCode.SYNTAX, source.span(2, 3), "first");
    diagnostics.add(DiagnosticCode.SYNTAX, source.span(8, 9), "second");
    assertThat(diagnostics.sorted())
        .extracting(Diagnostic::message)
        .isEqualTo(List.of("first", "second"));
    assertThat(diagnostics.hasErrors()).isTrue();
  }

  @Test
  void warningsDoNotStopTheBuild() {
    Diagnostics diagnostics = new Diagnostics();
    diagnostics.add(DiagnosticCode.UNUSED_NAME, source.span(2, 3), "unused");
    assertThat(diagnostics.hasErrors()).isFalse();
    diagnostics.throwIfErrors();
  }

  @Test
  void codesAreUnique() {
    assertThat(DiagnosticCode.values()).extracting(DiagnosticCode::code).doesNotHaveDuplicates();
  }

  @Test
  void suggestsTheNearestNameOnlyWhenItIsNear() {
    assertThat(Suggestions.nearest("dnese", List.of("dense", "conv"))).contains("dense");
    assertThat(Suggestions.nearest("sigmod", List.of("sigmoid", "softmax"))).contains("sigmoid");
    assertThat(Suggestions.nearest("banana", List.of("dense", "conv"))).isEmpty();
  }
}
