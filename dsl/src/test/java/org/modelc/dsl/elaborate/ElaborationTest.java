package org.modelc.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.SourceText;
import org.modelc.ir.graph.Graph;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.TensorSpec;

class ElaborationTest {
  @Test
  void learnedDimsAreNumbersAndBatchesStayFree() {
    ElaborationResult result =
        Models.result(
            """
            /// Doc of the model.
            model Net {
                input features = standardized(Age, Income)
                fn score(features: f32[B, F]) -> f32[B] = features |> dense(1, initial: zeros) |> squeeze(-1)
                /// What it gives.
                export fn predict(features: f32[B, F]) -> (score: f32[B], wide: f32[B, 2*F]) =
                    (score: score(features), wide: features ++ features)
                fn loss(features: f32[B, F], y: f32[B]) -> f32[B] = squared_error(score(features), y)
            }
            train Net on d { minimize loss with sgd(0.1) measure r2(predict.score, y) }
            """,
            Map.of("features", new LearnedInput(DType.F32, List.of(7))));
    assertThat(result.diagnostics()).isEmpty();
    ElaboratedModel model = result.model().orElseThrow();
    assertThat(model.documentation()).isEqualTo("Doc of the model.");
    assertThat(model.functions())
        .extracting(ElaboratedFunction::name)
        .containsExactly("predict", "loss");
    ElaboratedFunction predict = model.function("predict").orElseThrow();
    assertThat(predict.documentation()).isEqualTo("What it gives.");
    assertThat(predict.exported()).isTrue();
    assertThat(predict.outputs()).extracting(TensorSpec::name).containsExactly("score", "wide");
    assertThat(predict.outputs().get(1).shape().toString()).isEqualTo("[B, 14]");
    assertThat(predict.inputs().get(0).shape().toString()).isEqualTo("[B, 7]");
    assertThat(model.parameters().get(0).shape().toString()).isEqualTo("[7, 1]");
  }

  @Test
  void statesAreWrittenByTrainingAloneAndThreadedInProgramOrder() {
    ElaboratedModel model =
        Models.model(
            "layer counter(x: f32[B]) -> f32[B] {",
            "    state count: f32[] = constant(0)",
            "    count = count + 1",
            "    x * count",
            "}",
            "model Net {",
            "    let shared = counter()",
            "    export fn f(x: f32[B]) -> f32[B] = x |> shared |> shared",
            "}");
    assertThat(Models.names(model.states())).containsExactly("shared.count");
    Graph training = model.functions().get(0).training();
    assertThat(training.toString())
        .contains("update \"shared.count\"")
        .containsOnlyOnce("\"shared.count\": f32[] state");
    assertThat(model.functions().get(0).inference().toString()).doesNotContain("update");
    assertThat(model.init().toString()).contains("update \"shared.count\"");
  }

  @Test
  void dimsAreSolvedAndCompared() {
    ElaboratedModel model =
        Models.model(
            "layer halves(x: f32[B, 2*n]) -> f32[B, n] {",
            "    let (a, b) = split(x, 2)",
            "    a + b",
            "}",
            "fn kept(x: any[...S, n]) -> any[...S, n] = x",
            "model Net {",
            "    export fn f(x: f32[B, 6], y: f32[B, T + 1, T]) -> (a: f32[B, 3], b: f32[B, T + 1, T]) =",
            "        (a: x |> halves |> kept, b: kept(y))",
            "}");
    assertThat(model.functions().get(0).outputs().get(1).shape().toString())
        .isEqualTo("[B, T + 1, T]");
    assertThat(
            Models.errors(
                "layer halves(x: f32[B, 2*n]) -> f32[B, n] = split(x, 2)",
                "model Net { export fn f(x: f32[B, 5]) -> f32[B, 3] = x |> halves }"))
        .singleElement()
        .asString()
        .contains("no `n` makes 2*n = 5");
  }

  @Test
  void boundsOfDynamicDimsAreCheckedAtEntry() {
    ElaboratedModel model =
        Models.model(
            "model Net(context: int = 128) {",
            "    export fn f(x: f32[B, T]) -> f32[B, T] where T <= context = relu(x)",
            "}");
    assertThat(model.functions().get(0).inference().bounds().toString())
        .contains("dim=T")
        .contains("maximum=128");
  }

  @Test
  void reductionsTakeOverOrKeep() {
    String text =
        Models.model(
                "model Net {",
                "    export fn f(x: f32[B, T, 4]) -> (a: f32[B], b: f32[B, 4], c: f32[T], d: f32[]) =",
                "        (a: sum(x, keep: B), b: mean(x, over: T), c: max(x, over: [0, -1]), d: sum(x))",
                "}")
            .functions()
            .get(0)
            .inference()
            .toString();
    assertThat(text)
        .contains("sum(%x) {axes = [1, 2]}")
        .contains("mean(%x) {axes = [1]}")
        .contains("max(%x) {axes = [0, -1]}")
        .contains("sum(%x) {axes = [0, 1, 2]}");
  }

  @Test
  void staticControlUnfoldsAndVarsMayChangeType() {
    ElaboratedModel model =
        Models.model(
            "model Net(widths: [int] = [3, 2], deep: bool = true) {",
            "    fn half(n: int) -> int = floor_div(n, 2)",
            "    export fn f(x: f32[B, 4]) -> f32[B, 2] {",
            "        var y = x",
            "        for w in widths { y = y |> dense(w, initial: zeros) }",
            "        if deep and length(widths) == half(5) { y = relu(y) } else if deep { y = x }",
            "        y",
            "    }",
            "}");
    assertThat(Models.names(model.parameters()))
        .containsExactly(
            "f.0.dense.weight", "f.0.dense.bias", "f.1.dense.weight", "f.1.dense.bias");
    assertThat(model.functions().get(0).inference().toString()).contains("relu");
  }

  @Test
  void trainingIsAStaticBool() {
    ElaboratedFunction function =
        Models.model(
                "model Net { export fn f(x: f32[B]) -> f32[B] = if training { 2 * x } else { x } }")
            .functions()
            .get(0);
    assertThat(function.training().nodes()).isNotEmpty();
    assertThat(function.inference().nodes()).isEmpty();
  }

  @Test
  void theTypeOfAParameterGivesItsInitialiserTheShape() {
    String init =
        Models.model(
                "fn halves() -> f32[...S] = constant(0.5, S)",
                "model Net { export fn f(x: f32[B, 4]) -> f32[B, 4] {",
                "    param a: f32[2, 4] = 1 + 0.5 * -normal()",
                "    param b: f32[4] = halves()",
                "    param c: f32[4] = 7",
                "    param d: f32[4, 3] = zeros(4, 3)",
                "    x + sum(a, over: 0) * b * c * sum(d, over: 1)",
                "} }")
            .init()
            .toString();
    assertThat(init)
        .contains("f32[2, 4] = random_normal(%seed")
        .contains("shape = [2, 4], site = \"f.a\"")
        .contains("data = [0.5]")
        .contains("update \"f.d\"");
  }

  @Test
  void initialisersSeeStaticValuesAlone() {
    assertThat(
            Models.errors(
                "model Net { export fn f(x: f32[B, 4]) -> f32[B, 4] {",
                "    param w: f32[4] = x",
                "    x * w",
                "} }"))
        .containsExactly(
            "E305 test.model:2:23: `x` is a tensor; an initialiser sees static values alone");
  }

  @Test
  void mistakesBesideSyntaxErrorsAreToldAndNoneIsCausedByThem() {
    String text =
        """
        layer spoilt(x: f32[B, n]) -> f32[B, n] { let y = x + * 2
            y }
        layer (x: f32[B]) = x
        model A {
            fn lost(x: f32[B]) -> f32[B] = relu(x,,)
            export fn f(x: f32[B, 4]) -> f32[B, 4] = x |> spoilt
            export fn g(x: f32[B]) -> f32[B] = lost(x)
            export fn h(x: f32[B]) -> f32[B] = unknown(x)
        }
        model B {
            lett y = 3
            export fn f(x: f32[B]) -> f32[B] = x + y
        }
        """;
    ParseResult parsed = SourceParser.parse(new SourceText("test.model", text));
    assertThat(parsed.diagnostics()).hasSize(4);
    assertThat(ModelElaborator.check(parsed))
        .extracting(Diagnostic::message)
        .containsExactly("unknown name `unknown`");
  }
}
