package org.modelc.dsl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceText;

class SyntaxErrorTest {
  private static List<String> errors(String... lines) {
    SourceText source = new SourceText("a.model", String.join("\n", lines));
    return SourceParser.parse(source).diagnostics().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void independentMistakesAreEachToldOnce() {
    assertThat(
            errors(
                "model Net {",
                "    fn a(x: f32[B]) -> f32[B] {",
                "        let y = x + * 2",
                "        let z = relu(x,, 3)",
                "        y |> |> relu",
                "    }",
                "    fn b(x f32[B]) -> f32[B] = x",
                "    fn c(x: f32[B]) -> f32[B] = relu(x)",
                "}",
                "train Net on rows {",
                "    minimise loss with sgd(0.1)",
                "    epoch 3",
                "    batch ten",
                "    seed 7",
                "}"))
        .containsExactly(
            "E001 a.model:3:21: unexpected `*`, expected an expression",
            "E001 a.model:4:24: unexpected `,` here",
            "E001 a.model:5:14: unexpected `|>`, expected an expression",
            "E001 a.model:7:12: unexpected `f32`, expected `:`",
            "E001 a.model:11:5: unexpected `minimise`, expected a sentence of train or `}`; did you"
                + " mean `minimize`?",
            "E001 a.model:12:5: unexpected `epoch`, expected a sentence of train or `}`; did you mean"
                + " `epochs`?",
            "E001 a.model:13:11: unexpected `ten`, expected a whole number");
  }

  @Test
  void namesAreOfLettersOfAnyLanguageAndNothingElse() {
    assertThat(errors("fn größe(δ_ж2: f32, e\u0301: f32) -> f32 = δ_ж2 + e\u0301")).isEmpty();
    assertThat(errors("fn f(a: f32, b: f32) -> f32 = a≥b"))
        .contains("E002 a.model:1:32: unknown character `≥`, U+2265");
    assertThat(errors("fn f(a: f32) -> f32 = \u0301a").get(0)).contains("U+0301");
  }

  @Test
  void anUnclosedBraceIsNamed() {
    assertThat(
            errors(
                "model Net {", "    fn a(x: f32[B]) -> f32[B] {", "        x", "", "model B { }"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("E001 a.model:5:1: unexpected `model`");
    SourceText source = new SourceText("a.model", "model Net { fn a(x: f32[B]) = relu(x");
    Diagnostic diagnostic = SourceParser.parse(source).diagnostics().get(0);
    assertThat(diagnostic.notes())
        .extracting(Diagnostic.Note::message)
        .containsExactly("this `(` is not closed");
  }

  @Test
  void reservedWordsAsNamesAreExplained() {
    assertThat(errors("layer state(x: f32[B]) = x"))
        .containsExactly(
            "E005 a.model:1:7: unexpected `state`, expected a name; `state` is reserved; as a name write"
                + " it in backquotes");
  }

  @Test
  void charactersAndTextsThatAreNoTokensAreReportedAndReadingGoesOn() {
    assertThat(errors("model Net { let a = 3 $ }", "data d { rows = csv(\"x.csv)", "}"))
        .anyMatch(error -> error.startsWith("E002 a.model:1:23: unknown character `$`, U+0024"))
        .anyMatch(error -> error.startsWith("E003 a.model:2:21"));
  }

  @Test
  void deepNestingIsADiagnostic() {
    String brackets = "model N { let a = " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + "}";
    String signs = "model N { let a = " + "-".repeat(100_000) + "1 }";
    String sums = "model N { let a = 1" + " + 1".repeat(100_000) + " }";
    String powers = "model N { let a = 1" + " ^ 1".repeat(100_000) + " }";
    String pipes = "model N { let a = 1" + " |> f".repeat(100_000) + " }";
    String calls = "model N { let a = f" + "(1)".repeat(100_000) + " }";
    String elses = "model N { let a = if b {}" + " else if b {}".repeat(10_000) + " }";
    for (String text : List.of(brackets, signs, sums, powers, pipes, calls, elses)) {
      List<Diagnostic> diagnostics =
          SourceParser.parse(new SourceText("deep.model", text)).diagnostics();
      assertThat(diagnostics).extracting(Diagnostic::code).containsExactly(DiagnosticCode.TOO_DEEP);
    }
  }

  @Test
  void aBracketThatBeginsALineBeginsAStatement() {
    SourceText source =
        new SourceText(
            "a.model", "model N { fn f(x: f32[B]) {\n let a = x\n (a)\n }\n let b = c\n - 1\n }");
    String tree = org.modelc.dsl.ast.AstPrinter.print(SourceParser.parse(source).file());
    assertThat(tree).contains("(Let (Binding (names a)) x)").contains("(Binary - c 1)");
  }
}
