package org.modelc.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 5 of the language: parameters are named {@code fn.binding.param}, to the letter. */
class BindingNamesTest {
  private static final String RESIDUAL =
      """
      layer residual(c: int)(x: f32[B, n]) -> f32[B, c] {
          let main = x |> dense(c, initial: zeros) |> relu |> dense(c, initial: zeros)
          let skip = if n == c { x } else { x |> dense(c, initial: zeros) }
          main + skip
      }
      """;

  private static List<String> names(String... lines) {
    return Models.names(Models.model(lines).parameters());
  }

  @Test
  void unnamedOccurrencesAreNumberedByKindAndTurnsAreNumbers() {
    assertThat(
            names(
                RESIDUAL,
                "model Net {",
                "    fn features(x: f32[B, 8]) -> f32[B, 4] {",
                "        var y = x |> dense(8, bias: false, initial: zeros)",
                "        for c in [8, 4] { y = y |> residual(c) |> residual(c) }",
                "        for i in 0..1 { y = y |> residual(4) }",
                "        y",
                "    }",
                "    export fn predict(x: f32[B, 8]) -> f32[B, 2] =",
                "        features(x) |> dense(2, initial: zeros) as head",
                "}"))
        .contains(
            "features.dense.weight",
            "features.0.residual.dense.weight",
            "features.0.residual.dense_2.bias",
            "features.0.residual_2.dense.weight",
            "features.1.residual.dense_3.weight",
            "features.1.residual_2.dense_2.weight",
            "features.2.residual.dense.weight",
            "predict.head.weight")
        .doesNotContain(
            "features.dense.bias", "features.0.residual.dense_3.weight", "features.0.dense.weight");
  }

  @Test
  void aFunctionSharesItsParametersAmongAllUses() {
    assertThat(
            names(
                "model Net {",
                "    fn project(x: f32[B, 4]) -> f32[B, 4] = x |> dense(4, initial: zeros)",
                "    export fn a(x: f32[B, 4]) -> f32[B, 4] = project(project(x))",
                "    export fn b(x: f32[B, 4]) -> f32[B, 4] = project(x) + x",
                "}"))
        .containsExactly("project.dense.weight", "project.dense.bias");
  }

  @Test
  void letAndModelMembersNameAndShareLayers() {
    ElaboratedModel model =
        Models.model(
            "layer twice(body: layer)(x: f32[B, n]) -> f32[B, n] = x |> body |> body",
            "layer many(kind: layer)(x: f32[B, n]) -> f32[B, n] =",
            "    x |> kind(n, initial: zeros) |> kind(n, initial: zeros)",
            "model Net {",
            "    let token = dense(4, initial: zeros)",
            "    param scale: f32[4] = ones()",
            "    export fn a(x: f32[B, 4]) -> f32[B, 4] {",
            "        let shared = dense(4, initial: zeros)",
            "        token(x) + shared(shared(x)) * scale |> twice(shared) |> many(dense)",
            "    }",
            "    export fn tied(x: f32[B, 4]) -> f32[B, 4] = x @ transpose(token.weight)",
            "}");
    assertThat(Models.names(model.parameters()))
        .containsExactly(
            "scale",
            "token.weight",
            "token.bias",
            "a.shared.weight",
            "a.shared.bias",
            "a.many.dense.weight",
            "a.many.dense.bias",
            "a.many.dense_2.weight",
            "a.many.dense_2.bias");
    assertThat(model.function("tied").orElseThrow().inference().inputs())
        .extracting(input -> input.name())
        .containsExactly("x", "token.weight");
  }

  @Test
  void commentsAndUntakenBranchesChangeNothing() {
    String plain = "x |> dense(4, initial: zeros) |> dense(4, initial: zeros)";
    String branched = "x |> dense(4, initial: zeros) |> relu_or(1) |> dense(4, initial: zeros)";
    String layer =
        "layer relu_or(n: int)(x: f32[B, m]) -> f32[B, m] ="
            + " if n == 2 { x |> dense(m) } else { relu(x) }\n";
    String start = "model Net { export fn f(x: f32[B, 4]) -> f32[B, 4] = ";
    assertThat(names(start + plain + " }"))
        .containsExactly("f.dense.weight", "f.dense.bias", "f.dense_2.weight", "f.dense_2.bias");
    String commented = plain.replace("|>", "// a comment\n|>");
    assertThat(names(start + commented + " }")).isEqualTo(names(start + plain + " }"));
    assertThat(names(layer + start + branched + " }")).isEqualTo(names(start + plain + " }"));
  }

  @Test
  void aParameterOfALayerIsReadBeforeTheLayerIsApplied() {
    assertThat(
            names(
                "layer table(count: int, width: int)(ids: i32[B]) -> f32[B, width] {",
                "    param weight: f32[count, width] = zeros()",
                "    gather(weight, ids, axis: 0)",
                "}",
                "model Net {",
                "    let token = table(10, 4)",
                "    export fn f(x: f32[B, 4], ids: i32[B]) -> f32[B, 10] =",
                "        (token(ids) + x) @ transpose(token.weight)",
                "    export fn g(x: f32[B, 4]) -> f32[B, 10] = x @ transpose(token.weight)",
                "}"))
        .containsExactly("token.weight");
  }
}
