package org.modelc.dsl.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceText;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.DataSpec.ColumnExpression;
import org.modelc.runtime.spec.DataSpec.DerivedColumn;
import org.modelc.runtime.spec.DataSpec.SourceSpec;
import org.modelc.runtime.spec.DataSpec.SplitSpec;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.ClassWeightSpec;
import org.modelc.runtime.spec.RecipeSpec.ClipSpec;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;
import org.modelc.runtime.spec.RecipeSpec.PenaltySpec;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;
import org.modelc.runtime.spec.RecipeSpec.StopSpec;
import org.modelc.runtime.spec.TransformSpec;

class RecipeElaborationTest {
  private static final String MODEL =
      """
      model M(side: int = 8) { export fn predict(x: f32[B, F]) -> (risk: f32[B]) = (risk: x)
       fn loss(x: f32[B, F], y: bool[B]) -> f32[B] = x
       INPUT }
      """;
  private static final String DATA = "data d { rows = csv(\"d.csv\") split 70% / 15% / 15% }\n";
  private static final String TRAIN = "train M on d { minimize loss with sgd(0.1) epochs 2 X }\n";

  @Test
  void theLanguagesExample() throws IOException {
    Path file = Path.of("src", "test", "resources", "corpus", "credit_risk.model");
    FileSpecs specs = clean(Files.readString(file));

    ColumnExpression bad =
        new ColumnExpression("==", "", List.of(leaf("column", "Status"), leaf("text", "bad")));
    assertThat(specs.dataNamed("credit"))
        .contains(
            new DataSpec(
                "credit",
                List.of(new SourceSpec("rows", "csv", Map.of("path", "credit.csv"), Map.of())),
                List.of(),
                List.of(new DerivedColumn("bad", bad)),
                new SplitSpec("stratified", 0.7, 0.15, 0.15, "bad", 7)));

    List<String> numbers =
        List.of(
            "Seniority", "Time", "Age", "Expenses", "Income", "Assets", "Debt", "Amount", "Price");
    TransformSpec imputed =
        new TransformSpec("imputed", List.of(), List.of(columns(numbers)), Map.of("by", "median"));
    TransformSpec categories = of("one_hot", columns(List.of("Home", "Marital", "Records", "Job")));
    assertThat(specs.inputsOf("CreditRisk"))
        .containsExactly(
            new InputSpec(
                "features", DType.F32, of("concat", of("standardized", imputed), categories), ""));

    RecipeSpec recipe = specs.recipeOf("CreditRisk").orElseThrow();
    assertThat(recipe.minimize())
        .containsExactly(
            new MinimizeSpec(
                "loss",
                List.of(),
                new OptimizerSpec("adamw", Map.of("decay", 1e-3)),
                new ScheduleSpec("cosine", 1e-3, Map.of("warmup", 100.0)),
                List.of(),
                null));
    assertThat(recipe.classWeight()).isEqualTo(new ClassWeightSpec("balanced", "bad", Map.of()));
    assertThat(recipe.batch()).isEqualTo(128);
    assertThat(recipe.epochs()).isEqualTo(40);
    assertThat(recipe.stops()).containsExactly(new StopSpec("metric", "auc", 0, 5));
    assertThat(recipe.measures())
        .containsExactly(new MeasureSpec("auc", "auc", "predict", "risk", "bad", Map.of()));
    assertThat(recipe.requirements())
        .containsExactly(
            new RequirementSpec("auc", ">=", 0.84, "auc >= 0.84"),
            new RequirementSpec("jar", "<=", 300 * 1024, "jar <= 300 KB"));
  }

  @Test
  void inputsAreTreesOfTransforms() {
    assertThat(input("columns(\"pixel_*\") as f32[1, side, 8] / 16"))
        .isEqualTo(
            with(
                "scaled",
                "divisor",
                16.0,
                with(
                    "reshaped",
                    "shape",
                    List.of(1L, 8L, 8L),
                    new TransformSpec(
                        "columns", List.of("pixel_*"), List.of(), Map.of("pattern", true)))));
    assertThat(input("standardized(log(Income + 1), Age)"))
        .isEqualTo(
            of(
                "standardized",
                of(
                    "concat",
                    of("log", with("shifted", "offset", 1.0, column("Income"))),
                    column("Age"))));
    assertThat(input("standardized(log(Income))"))
        .isEqualTo(of("standardized", of("concat", of("log", column("Income")))));
    assertThat(input("(image - 33.3) / 78.6"))
        .isEqualTo(
            with("scaled", "divisor", 78.6, with("shifted", "offset", -33.3, column("image"))));
    assertThat(input("1 - 2 * Age"))
        .isEqualTo(
            with(
                "shifted",
                "offset",
                1.0,
                with("scaled", "factor", -1.0, with("scaled", "factor", 2.0, column("Age")))));
    assertThat(input("imputed(`a b`, by: constant, value: -1) |> min_max(low: -1)"))
        .isEqualTo(
            new TransformSpec(
                "min_max",
                List.of(),
                List.of(
                    new TransformSpec(
                        "imputed",
                        List.of(),
                        List.of(columns(List.of("a b"))),
                        Map.of("by", "constant", "value", -1.0))),
                Map.of("low", -1.0)));
  }

  @Test
  void foldsClipsPenaltiesAugmentations() {
    FileSpecs specs =
        clean(
            MODEL.replace("INPUT", "")
                + "data d { rows = csv(\"d.csv\") 5 folds stratified by y seed 3 }\n"
                + "train M on d { minimize loss over head, \"a.*\" with sgd(step(0.1, every: 3),"
                + " momentum: 0.9, nesterov: true) epochs 7 clip norm 1 penalty l2 1e-4 over dense"
                + " augment x with shift(2), horizontal_flip seed 5 class_weight [1, 2.5] by y"
                + " stop when loss changes by less than 1e-4 for 3 epochs"
                + " measure f1(predict.risk, y, average: macro) as fit"
                + " require fit >= 90%, latency <= 2 ms, loss < 0.7 }");
    DataSpec data = specs.dataNamed("d").orElseThrow();
    assertThat(data.split()).isEqualTo(new SplitSpec("stratified", 1, 0, 0, "y", 3));
    RecipeSpec recipe = specs.recipeOf("M").orElseThrow();
    assertThat(recipe.folds()).isEqualTo(5);
    assertThat(recipe.seed()).isEqualTo(5);
    assertThat(recipe.minimize())
        .containsExactly(
            new MinimizeSpec(
                "loss",
                List.of("head", "a.*"),
                new OptimizerSpec("sgd", Map.of("momentum", 0.9, "nesterov", 1.0)),
                new ScheduleSpec("step", 0.1, Map.of("every", 3.0)),
                List.of(new PenaltySpec("l2", 1e-4, List.of("dense"))),
                new ClipSpec("norm", 1)));
    assertThat(recipe.augmentations())
        .extracting(RecipeSpec.AugmentationSpec::kind, RecipeSpec.AugmentationSpec::options)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("shift", Map.of("pixels", 2.0)),
            org.assertj.core.groups.Tuple.tuple("horizontal_flip", Map.of()));
    assertThat(recipe.classWeight())
        .isEqualTo(new ClassWeightSpec("given", "y", Map.of("0", 1.0, "1", 2.5)));
    assertThat(recipe.stops()).containsExactly(new StopSpec("loss", "loss", 1e-4, 3));
    assertThat(recipe.measures())
        .containsExactly(
            new MeasureSpec("fit", "f1", "predict", "risk", "y", Map.of("average", "macro")));
    assertThat(recipe.requirements())
        .extracting(RequirementSpec::name, RequirementSpec::limit)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("fit", 0.9),
            org.assertj.core.groups.Tuple.tuple("latency", 2000.0),
            org.assertj.core.groups.Tuple.tuple("loss", 0.7));
  }

  /** Mistakes in a data block: its text, the code, and what message or hint says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
      rows = cvs("d.csv") split 80% / 10% / 10%                     | E101 | did you mean `csv`?
      row = csv("d.csv") split 80% / 10% / 10%                      | E402 | did you mean `rows`?
      rows = csv("d.csv", seperator: ";") split 80% / 10% / 10%     | E103 | did you mean `separator`?
      rows = csv(d) split 80% / 10% / 10%                           | E409 | in quotes
      rows = csv() split 80% / 10% / 10%                            | E104 | csv names no file
      rows = csv("d.csv")                                           | E404 | how its rows are divided
      rows = csv("d.csv") split 80% / 10% / 20%                     | E405 | add up to 110%
      rows = csv("d.csv") split 80% / 10% / 10% 5 folds             | E403 | given twice
      rows = csv("d.csv") rows = csv("e.csv") split 80% / 20% / 0%  | E403 | `rows` is given twice
      rows = csv("d.csv") 1 folds                                   | E409 | 1 folds
      rows = csv("d.csv") y = lgo(a) split 80% / 10% / 10%          | E101 | did you mean `log`?
      rows = csv("d.csv") y = log(a, b) split 80% / 10% / 10%       | E111 | takes 1 value
      rows = csv("d.csv") y = a ++ b split 80% / 10% / 10%          | E409 | same row
      rows = csv("d.csv") drop outliers of a by z 0 split 80% / 10% / 10% | E409 | greater than 0
      train = csv("d.csv") test = csv("d.csv")                      | E410 | same file
      test = csv("d.csv")                                           | E404 | no training rows
      """)
  void mistakesInData(String block, String code, String text) {
    assertOnly("data d { " + block + " }", code, text);
  }

  /** Mistakes in a recipe. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
      minimize los with sgd(0.1) epochs 2                           | E101 | did you mean `loss`?
      minimize loss with sdg(0.1) epochs 2                          | E407 | did you mean `sgd`?
      minimize loss with adam(0.1, beta: 0.9) epochs 2              | E103 | `beta1`
      minimize loss with adam(0.1, beta1: 1.5) epochs 2             | E409 | from 0 up to
      minimize loss with adam epochs 2                              | E104 | needs a learning rate
      minimize loss with adam(0) epochs 2                           | E409 | greater than 0
      minimize loss with adam(cosin(0.1)) epochs 2                  | E407 | `cosine`
      epochs 2                                                      | E404 | minimises nothing
      minimize loss with sgd(0.1)                                   | E404 | how many epochs
      minimize loss with sgd(0.1) epochs 2 epochs 3                 | E403 | `epochs` is given twice
      minimize loss with sgd(0.1) epochs 2 batch 0                  | E409 | the batch is 0
      minimize loss with sgd(0.1) epochs 2 measure acuracy(predict, y) | E406 | did you mean `accuracy`?
      minimize loss with sgd(0.1) epochs 2 measure auc(predict)     | E409 | against a column
      minimize loss with sgd(0.1) epochs 2 measure auc(predict.risc, y) | E108 | did you mean `risk`?
      minimize loss with sgd(0.1) epochs 2 measure auc(predct.risk, y) | E101 | did you mean `predict`?
      minimize loss with sgd(0.1) epochs 2 measure mse(loss, y)     | E409 | is not exported
      minimize loss with sgd(0.1) epochs 2 require accuracy > 0.9   | E408 | add measure accuracy
      minimize loss with sgd(0.1) epochs 2 require jar <= 3 ms      | E409 | GB, KB, MB
      minimize loss with sgd(0.1) epochs 2 stop after 2 epochs without better auc | E406 | loss
      minimize loss with sgd(0.1) epochs 2 augment x with shft(1)   | E101 | did you mean `shift`?
      minimize loss with sgd(0.1) epochs 2 log every 10 steps       | E901 | --log-every 10
      """)
  void mistakesInRecipes(String block, String code, String text) {
    assertOnly(MODEL.replace("INPUT", "") + DATA + "train M on d { " + block + " }", code, text);
  }

  /** Mistakes in a model's input. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
      input x = standardised(a)            | E101 | did you mean `standardized`?
      input x = imputed(a)                 | E104 | by: median
      input x = imputed(a, by: medium)     | E409 | did you mean `median`?
      input x = imputed(a, with: 3)        | E103 | by, value, indicator
      input x = one_hot()                  | E104 | takes columns
      input x = clipped(a)                 | E104 | iqr: 1.5
      input x = a / b                      | E901 | one side must be a number
      input x = a / 0                      | E409 | divided by 0
      input x = columns(a)                 | E409 | columns takes patterns
      input x = columns("a*") as f32[B, 8] | E205 | as f32[8, 8]
      input x = a input x = b              | E102 | declared twice
      input x = tokens(text, bpe(8000))    | E901 | later release
      input x = y                          | E411 | raw rows do not have
      input x: f23[B] = a                  | E101 | f32
      """)
  void mistakesInInputs(String input, String code, String text) {
    String data = "data d { rows = csv(\"d.csv\") y = (a > 1) split 70% / 15% / 15% }\n";
    assertOnly(MODEL.replace("INPUT", input) + data + TRAIN.replace("X", ""), code, text);
  }

  @Test
  void unknownModelsAndDataAreNamedOnce() {
    List<Diagnostic> found =
        diagnose(
            MODEL.replace("INPUT", "")
                + DATA
                + "train N on e { minimize loss with sgd(1)"
                + " epochs 1 measure auc(predict.risk, y) require auc > 0.5 }");
    assertThat(found).extracting(each -> each.code().code()).containsExactly("E101", "E101");
  }

  @Test
  void requirementsNeedTestRows() {
    String data = "data d { rows = csv(\"d.csv\") split 80% / 20% / 0% }\n";
    assertOnly(
        MODEL.replace("INPUT", "")
            + data
            + TRAIN.replace("X", "measure auc(predict.risk, y) require auc > 0.5"),
        "E404",
        "third share");
  }

  private static void assertOnly(String text, String code, String part) {
    List<Diagnostic> found = diagnose(text);
    assertThat(found).extracting(each -> each.code().code()).containsExactly(code);
    assertThat(found.get(0).toString()).contains(part);
  }

  private static TransformSpec input(String expression) {
    Diagnostics diagnostics = new Diagnostics();
    FileSpecs specs = elaborate(MODEL.replace("INPUT", "input x = " + expression), diagnostics);
    return specs.inputsOf("M").isEmpty() ? null : specs.inputsOf("M").get(0).transform();
  }

  private static FileSpecs clean(String text) {
    Diagnostics diagnostics = new Diagnostics();
    FileSpecs specs = elaborate(text, diagnostics);
    assertThat(diagnostics.sorted()).isEmpty();
    return specs;
  }

  private static List<Diagnostic> diagnose(String text) {
    Diagnostics diagnostics = new Diagnostics();
    elaborate(text, diagnostics);
    return diagnostics.sorted();
  }

  private static FileSpecs elaborate(String text, Diagnostics diagnostics) {
    ParseResult parsed = SourceParser.parse(new SourceText("test.model", text));
    assertThat(parsed.diagnostics()).isEmpty();
    return RecipeElaboration.of(parsed.file(), diagnostics);
  }

  private static ColumnExpression leaf(String operator, String value) {
    return new ColumnExpression(operator, value, List.of());
  }

  private static TransformSpec column(String name) {
    return new TransformSpec("column", List.of(name), List.of(), Map.of());
  }

  private static TransformSpec columns(List<String> names) {
    return new TransformSpec("columns", names, List.of(), Map.of());
  }

  private static TransformSpec of(String kind, TransformSpec... inputs) {
    return new TransformSpec(kind, List.of(), List.of(inputs), Map.of());
  }

  private static TransformSpec with(String kind, String option, Object value, TransformSpec input) {
    return new TransformSpec(kind, List.of(), List.of(input), Map.of(option, value));
  }
}
