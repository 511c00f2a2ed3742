package org.modelc.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.dsl.recipe.RecipeElaboration;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceText;

/** What {@code modelc check} finds without data, in code that is used and in code that is not. */
class CheckTest {
  private static List<String> check(String text) {
    ParseResult parsed = SourceParser.parse(new SourceText("m.model", text));
    Diagnostics all = new Diagnostics();
    all.addAll(parsed.diagnostics());
    all.addAll(RecipeElaboration.check(parsed));
    all.addAll(ModelElaborator.check(parsed));
    List<String> told = new ArrayList<>();
    for (Diagnostic each : all.sorted()) {
      told.add(each.code().code() + " " + each.span().line() + ": " + each.message());
    }
    return told;
  }

  private static List<String> model(String body) {
    return check(
        """
        model M(_width: int = 6) {
            input features = one_hot(home, job)
            input other = standardized(age)
            BODY
        }
        """
            .replace("BODY", body));
  }

  @Test
  void learnedDimsFitWhateverTheyTurnOutToBe() {
    assertThat(
            model(
                """
                let table = embedding(features.size, _width)
                fn logit(features: f32[B, F]) -> f32[B, F] = features |> dense(_width) |> dense(F) |> layer_norm
                fn loss(features: f32[B, F], k: i32[B]) -> f32[B] = mean(logit(features), keep: B) + sum(table(k), keep: B)
                export fn predict(features: f32[B, G]) -> (y: f32[B, G], half: f32[B]) {
                    let (a, b) = split(features, 2, axis: -1)
                    for i in 0..G { let _unused = i }
                    let scale = 1.0 / G
                    let some = if G == 8 { scale } else { 2 * scale }
                    (y: logit(features), half: some * sum(a * b, keep: B))
                }
                """))
        .containsExactly("W110 6: `loss` is not exported and nothing uses it");
  }

  @Test
  void aLearnedDimIsNoNumberAndNoOtherDim() {
    assertThat(
            model(
                """
                export fn eight(features: f32[B, F]) -> f32[B, 1] {
                    param w: f32[8, 1]
                    features @ w
                }
                export fn both(features: f32[B, F], other: f32[B, G]) -> f32[B, F] = features + other
                """))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("E2").contains(" 6: ", "features.size", "8"),
            each ->
                assertThat(each).startsWith("E2").contains(" 8: ", "features.size", "other.size"));
  }

  @Test
  void whatNothingUsesIsCheckedToo() {
    assertThat(
            check(
                """
                layer idle(units: int, wide: bool)(x: f32[B, n]) -> f32[B, units] {
                    let y = if wide { x |> dense(units) } else { x |> dense(units, bias: false) }
                    y + missing
                }
                fn spare(x: f32[B, n], y: f32[B, m]) -> f32[B, n] = x @ y
                model M {
                    fn unused(x: f32[B, 3]) -> f32[B, 4] = x |> dense(5)
                    fn ping(x: f32[B, n]) -> f32[B, n] = pong(x) + nowhere
                    fn pong(x: f32[B, n]) -> f32[B, n] = x |> dense(n)
                    export fn f(x: f32[B, 3]) -> f32[B, 3] = x
                }
                """))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("E101 3:").contains("missing"),
            each -> assertThat(each).startsWith("E2").contains(" 5: ", "n", "B"),
            each ->
                assertThat(each).isEqualTo("W110 7: `unused` is not exported and nothing uses it"),
            each -> assertThat(each).startsWith("E").contains(" 7: ", "f32[B, 5]"),
            each ->
                assertThat(each).isEqualTo("W110 8: `ping` is not exported and nothing uses it"),
            each -> assertThat(each).startsWith("E101 8:").contains("nowhere"));
  }

  /** A dim that is bound at each call cannot be a setting of an op; that is no defect of ours. */
  @Test
  void aDynamicDimIsNoSetting() {
    assertThat(
            check("model M { export fn f(x: f32[B, T]) -> f32[B, T] = top_k(x, T, axis: -1)[0] }"))
        .singleElement()
        .satisfies(each -> assertThat(each).startsWith("E").contains("k", "T"));
  }

  static List<Path> library() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/resources/org/modelc/dsl/stdlib"))) {
      return files.filter(file -> file.toString().endsWith(".model")).sorted().toList();
    }
  }

  /** The library is right for all dims, so whatever is told of it unused would be told wrongly. */
  @ParameterizedTest
  @MethodSource("library")
  void rightCodeIsLeftInPeace(Path file) throws IOException {
    String model = "model Empty { export fn f(x: f32[B]) -> f32[B] = x }\n";
    String prefixed = Files.readString(file).replaceAll("(?m)^(layer|fn) ", "$1 my_");
    assertThat(check(model + prefixed)).allSatisfy(each -> assertThat(each).startsWith("W"));
  }

  @Test
  void aSyntaxErrorHidesNoMistakeElsewhere() {
    assertThat(
            check(
                """
                model M {
                    input x = standardised(a)
                    fn good(x: f32[B, F]) -> f32[B] = nope(x)
                    fn bad(x: f32[B, F]) -> f32[B] = x |> |> relu
                    export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: good(x))
                }
                model Sound {
                    export fn predict(a: f32[B]) -> (y: f32[B]) = (y: a)
                    fn loss(a: f32[B], b: f32[B]) -> f32[B] = squared_error(a, b)
                }
                data rows { rows = cvs("rows.csv") split 80% / 40% / 15% seed 1 }
                data more { rows = csv("rows.csv") split 50% / 0% / 50% seed 1 }
                train M on rows { minimize loss with adam(1e-3) batch 8 epochs 2 measure r2(predict.y, b) }
                train Sound on more { minimize loss with adan(1e-3) batch 8 epochs 2 measure r2(predict.z, b) }
                """))
        .satisfiesExactly(
            each -> assertThat(each).startsWith("E101 2:").contains("standardised"),
            each -> assertThat(each).startsWith("E101 3:").contains("nope"),
            each -> assertThat(each).startsWith("E0").contains(" 4: "),
            each -> assertThat(each).contains(" 11: ", "cvs"),
            each -> assertThat(each).contains(" 11: ", "40"),
            each -> assertThat(each).contains(" 14: ", "adan"),
            each -> assertThat(each).contains(" 14: ", "`z`"));
  }
}
