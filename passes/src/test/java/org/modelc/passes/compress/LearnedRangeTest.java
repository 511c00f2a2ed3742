package org.modelc.passes.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.ops.Sum;
import org.modelc.passes.Autodiff;
import org.modelc.runtime.spec.DType;

/** Inputs rounded in training, and the gradients of their range, by hand. */
class LearnedRangeTest {
  /** The weight is 1 and has a scale of 1, so that what comes out is the rounded input. */
  private static final Graph PROGRAM =
      GraphParser.parse(
          """
          graph loss(%x: f32[4, 1] input, %w: f32[1, 1] parameter) {
            %0 = matmul(%x, %w)
            return y = %0
          }
          """);

  private static Map<String, Array> results(double zeroPoint) {
    Storage.Inputs inputs = new Storage.Inputs.Fixed(new AffineRange(0.5f, (int) zeroPoint));
    Graph felt = FakeQuantize.of(PROGRAM, Map.of("w", new Storage.Integers(8, -1, 0, inputs)));
    GraphBuilder builder = new GraphBuilder("gradients");
    GraphRewriter copy = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    Map<String, Value> named = new HashMap<>();
    felt.inputs().forEach(input -> named.put(input.name(), copy.input(input)));
    felt.nodes().forEach(copy::node);
    Value result = copy.value(felt.output("y").value());
    List<String> names = List.of("x", "w.input.log_scale", "w.input.zero_point");
    List<Value> learned = names.stream().map(named::get).toList();
    Map<Value, Value> gradients = Autodiff.gradients(builder, Sum.all(builder, result), learned);
    builder.output("rounded", result);
    names.forEach(name -> builder.output("by " + name, gradients.get(named.get(name))));
    Map<String, Array> given = new HashMap<>();
    given.put("x", Array.f32(new int[] {4, 1}, 0.9, -0.6, 100, 0));
    given.put("w", Array.f32(new int[] {1, 1}, 1));
    given.put(FakeQuantize.logScaleOf("w"), Array.f32(new int[] {1, 1}, 0));
    given.putAll(LearnedRange.first("w", new AffineRange(0.5f, (int) zeroPoint)));
    return GraphInterpreter.run(builder.build(), given, GraphInterpreter.Precision.TYPED);
  }

  @Test
  void valuesAreRoundedAndHeldWithinTheRange() {
    // Steps of 0.5 above -128: 1.8 is 2, -1.2 lies below the range, 200 is 200, 0 is the zero
    // point.
    assertThat(results(-128).get("rounded").data()).containsExactly(1, 0, 100, 0);
    // With a zero point of 0, 127 steps are the most.
    assertThat(results(0).get("rounded").data()).containsExactly(1, -0.5, 63.5, 0);
  }

  @Test
  void whatLiesBeyondAnEndMovesIt() {
    Map<String, Array> found = results(0);
    assertThat(found.get("by x").data()).containsExactly(1, 1, 0, 1);
    // (2 - 1.8) + (-1 + 1.2) + 127, times the scale for its logarithm.
    assertThat(found.get("by w.input.log_scale").data()[0]).isCloseTo(0.5 * 127.4, within(1e-4));
    // A zero point that is one less lets the range reach a step further: -0.5 · 128 a share.
    assertThat(found.get("by w.input.zero_point").data()[0]).isCloseTo(-64, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"-128, -128", "0, 0", "127, 127", "-200, -128", "130, 127", "-3.4, -3"})
  void whatIsStoredIsWhatWasTrained(double zeroPoint, int stored) {
    Map<String, Array> trained = new HashMap<>(LearnedRange.first("w", new AffineRange(0.25f, 0)));
    trained.put(
        "w.input.zero_point", new Array(DType.F32, new int[0], new double[] {zeroPoint / 128}));
    AffineRange range = LearnedRange.of("w", trained);
    assertThat(range.zeroPoint()).isEqualTo(stored);
    assertThat(range.scale()).isCloseTo(0.25f, within(1e-7f));
  }
}
