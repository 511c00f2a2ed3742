package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.RecipeSpec.ClipSpec;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;
import org.modelc.runtime.spec.RecipeSpec.PenaltySpec;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;

/** Training steps as compiled kernels against figures worked out by hand, noted at each. */
class TrainingStepTest {
  /** loss = w × x for each row, so that the gradient of w is the weighted mean of x. */
  private static final Graph LINEAR =
      GraphParser.parse(
          """
          graph loss(%x: f32[B] input, %w: f32[] parameter) {
            %0 = broadcast(%w) {shape = [B]}
            %loss = multiply(%0, %x)
            return loss = %loss
          }
          """);

  private static final Graph SQUARES =
      GraphParser.parse(
          """
          graph loss(%x: f32[B, 2] input, %w "net.weight": f32[1, 2] parameter) {
            %0 = broadcast(%w) {shape = [B, 2]}
            %1 = multiply(%0, %x)
            %loss = multiply(%1, %1)
            return loss = %loss
          }
          """);

  private static MinimizeSpec sgd(List<String> over, List<PenaltySpec> penalties, ClipSpec clip) {
    return new MinimizeSpec(
        "loss",
        over,
        new OptimizerSpec("sgd", Map.of()),
        new ScheduleSpec("constant", 0.1, Map.of()),
        penalties,
        clip);
  }

  private static Graph step(Diagnostics diagnostics, boolean norms, Object... pairs) {
    List<TrainingStep.Minimize> minimizes = new java.util.ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      minimizes.add(new TrainingStep.Minimize((Graph) pairs[i], (MinimizeSpec) pairs[i + 1]));
    }
    return TrainingStep.build("train", minimizes, norms, diagnostics);
  }

  private static Map<String, Array> run(Graph step, Object... inputs) {
    Map<String, Array> given = new LinkedHashMap<>();
    given.put("rate", scalar(0.1));
    given.put("rate.2", scalar(0.5));
    given.put("step", new Array(DType.I64, new int[] {}, new double[] {0}));
    for (int i = 0; i < inputs.length; i += 2) {
      given.put((String) inputs[i], (Array) inputs[i + 1]);
    }
    return CompiledRun.run(step, given, Pipeline.TRAINING);
  }

  private static Array scalar(double value) {
    return Array.f32(new int[] {}, value);
  }

  private static Array vector(double... values) {
    return Array.f32(new int[] {values.length}, values);
  }

  private static void assertIs(Array array, double... expected) {
    assertThat(array.data()).containsExactly(expected, within(1e-6));
  }

  /** Weights 1 and 3: the mean of 2 and 6 is 20/4 = 5; 0.5 − 0.1 × 5 = 0. */
  @Test
  void examplesAreWeighted() {
    Graph step = step(new Diagnostics(), false, LINEAR, sgd(List.of(), List.of(), null));
    Map<String, Array> after =
        run(step, "x", vector(2, 6), "w", scalar(0.5), "example_weight", vector(1, 3));
    assertIs(after.get("loss"), 2.5);
    assertIs(after.get("gradient_norm"), 5);
    assertIs(after.get("finite"), 1);
    assertIs(after.get("w'"), 0);
  }

  /** Of losses of more axes the mean is taken: ((1·1)² + (2·3)²)/2 = 18.5 for one row. */
  @Test
  void furtherAxesAreAveraged() {
    Graph step = step(new Diagnostics(), true, SQUARES, sgd(List.of(), List.of(), null));
    Map<String, Array> after = squares(step);
    assertIs(after.get("loss"), 18.5);
    // 2 (wx) x / 2: 1 × 1 and 6 × 3.
    assertIs(after.get("gradient_norm"), Math.sqrt(1 + 18 * 18));
    assertIs(after.get("gradient_norm/net.weight"), Math.sqrt(1 + 18 * 18));
    assertIs(after.get("net.weight'"), 1 - 0.1, 2 - 1.8);
  }

  private static Map<String, Array> squares(Graph step) {
    return run(
        step,
        "x",
        Array.f32(new int[] {1, 2}, 1, 3),
        "net.weight",
        Array.f32(new int[] {1, 2}, 1, 2),
        "example_weight",
        vector(1));
  }

  /** 0.5 Σw² = 2.5 and 0.25 Σ|w| = 0.75 more; their gradients w and ±0.25. */
  @Test
  void penaltiesAreAdded() {
    List<PenaltySpec> penalties =
        List.of(new PenaltySpec("l2", 0.5, List.of()), new PenaltySpec("l1", 0.25, List.of("net")));
    Graph step = step(new Diagnostics(), false, SQUARES, sgd(List.of(), penalties, null));
    Map<String, Array> after = squares(step);
    assertIs(after.get("loss"), 18.5 + 2.5 + 0.75);
    assertIs(after.get("net.weight'"), 1 - 0.1 * (1 + 1 + 0.25), 2 - 0.1 * (18 + 2 + 0.25));
  }

  /** The gradient 1, 18 of norm √325 is scaled to norm 5; by value cut to 1, 2. */
  @Test
  void gradientsAreClipped() {
    Graph byNorm =
        step(new Diagnostics(), false, SQUARES, sgd(List.of(), List.of(), new ClipSpec("norm", 5)));
    double scale = 5 / Math.sqrt(325);
    assertIs(squares(byNorm).get("net.weight'"), 1 - 0.1 * scale, 2 - 1.8 * scale);
    assertIs(squares(byNorm).get("gradient_norm"), Math.sqrt(325));
    Graph byValue =
        step(
            new Diagnostics(), false, SQUARES, sgd(List.of(), List.of(), new ClipSpec("value", 2)));
    assertIs(squares(byValue).get("net.weight'"), 1 - 0.1, 2 - 0.2);
  }

  @Test
  void aBadStepChangesNothing() {
    Graph step = step(new Diagnostics(), false, LINEAR, sgd(List.of(), List.of(), null));
    Map<String, Array> after =
        run(step, "x", vector(2, Double.NaN), "w", scalar(0.5), "example_weight", vector(1, 1));
    assertIs(after.get("finite"), 0);
    assertIs(after.get("w'"), 0.5);
  }

  /** 1 − 0.1 × 2 = 0.8 by the first; the second's loss is 0.8 × 2, and 0.8 − 0.5 × 2 = −0.2. */
  @Test
  void theSecondMinimizeSeesWhatTheFirstMade() {
    MinimizeSpec spec = sgd(List.of(), List.of(), null);
    Graph step = step(new Diagnostics(), false, LINEAR, spec, LINEAR, spec);
    Map<String, Array> after =
        run(step, "x", vector(2), "w", scalar(1), "example_weight", vector(1));
    assertIs(after.get("loss"), 2);
    assertIs(after.get("loss.2"), 1.6);
    assertIs(after.get("w'"), -0.2);
  }

  /** From θ = 1, g = 1 at rate 0.1 Adam's first step is to 0.9 (issue 2). */
  @Test
  void adamsFirstStep() {
    MinimizeSpec spec =
        new MinimizeSpec(
            "loss",
            List.of(),
            new OptimizerSpec("adam", Map.of()),
            new ScheduleSpec("constant", 0.1, Map.of()),
            List.of(),
            null);
    Graph step = step(new Diagnostics(), false, LINEAR, spec);
    Map<String, Array> after =
        run(
            step,
            "x",
            vector(1),
            "w",
            scalar(1),
            "w/m",
            scalar(0),
            "w/v",
            scalar(0),
            "example_weight",
            vector(1));
    assertIs(after.get("w'"), 0.9);
    assertIs(after.get("w/m'"), 0.1);
    assertIs(after.get("w/v'"), 0.001);
  }

  @Test
  void aParameterWithoutGradientIsToldAndKept() {
    Graph loss =
        GraphParser.parse(
            """
            graph loss(%x: f32[B] input, %w: f32[] parameter, %idle: f32[2] parameter) {
              %0 = broadcast(%w) {shape = [B]}
              %loss = multiply(%0, %x)
              return loss = %loss
            }
            """);
    Diagnostics diagnostics = new Diagnostics();
    Graph step = step(diagnostics, false, loss, sgd(List.of(), List.of(), null));
    assertThat(diagnostics.sorted().toString()).contains("W507").contains("idle");
    Map<String, Array> after =
        run(
            step,
            "x",
            vector(2),
            "w",
            scalar(1),
            "idle",
            vector(3, 4),
            "example_weight",
            vector(1));
    assertIs(after.get("idle'"), 3, 4);
    Diagnostics none = new Diagnostics();
    Graph chosen = step(none, false, loss, sgd(List.of("w"), List.of(), null));
    assertThat(none.isEmpty()).isTrue();
    assertThat(chosen.output("idle'")).isNull();
  }

  /** y = 2x + 1 at four points; the closed form is slope 2, intercept 1. */
  @Test
  void gradientDescentReachesLinearRegression() {
    Graph loss =
        GraphParser.parse(
            """
            graph loss(%x: f32[B] input, %y: f32[B] input, %a: f32[] parameter, %b: f32[] parameter) {
              %0 = broadcast(%a) {shape = [B]}
              %1 = broadcast(%b) {shape = [B]}
              %2 = multiply(%0, %x)
              %3 = add(%2, %1)
              %4 = subtract(%3, %y)
              %loss = multiply(%4, %4)
              return loss = %loss
            }
            """);
    Graph step = step(new Diagnostics(), false, loss, sgd(List.of(), List.of(), null));
    Array a = scalar(0);
    Array b = scalar(0);
    for (int i = 0; i < 300; i++) {
      Map<String, Array> after =
          run(
              step,
              "x",
              vector(0, 1, 2, 3),
              "y",
              vector(1, 3, 5, 7),
              "a",
              a,
              "b",
              b,
              "example_weight",
              vector(1, 1, 1, 1));
      a = after.get("a'");
      b = after.get("b'");
    }
    assertThat(a.data()[0]).isCloseTo(2, within(1e-4));
    assertThat(b.data()[0]).isCloseTo(1, within(1e-4));
  }

  /** log(0) is the first value that is infinite, though the loss of it is too. */
  @Test
  void theFirstValueThatIsNotFiniteIsNamed() {
    Graph program =
        GraphParser.parse(
            """
            graph train(%x: f32[B] input) {
              %1 = exp(%x)
              %surprise = log(%x)
              %3 = multiply(%1, %surprise)
              return loss = %3
            }
            """);
    FirstNonFinite check = FirstNonFinite.of(program);
    Map<String, Array> bad =
        CompiledRun.run(check.graph(), Map.of("x", vector(1, 0)), Pipeline.TRAINING);
    assertThat(check.diagnostic((int) bad.get("first").data()[0], 7).message())
        .isEqualTo("in step 7 this became NaN or infinite first: surprise, by log");
    Map<String, Array> good =
        CompiledRun.run(check.graph(), Map.of("x", vector(1, 2)), Pipeline.TRAINING);
    assertThat(good.get("first").data()[0]).isEqualTo(check.checked().size());
  }
}
