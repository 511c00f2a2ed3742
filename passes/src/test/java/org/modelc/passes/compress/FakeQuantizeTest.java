package org.modelc.passes.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.Autodiff;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Weights rounded in training, and the gradients of learned step sizes, by hand. */
class FakeQuantizeTest {
  private static final Array WEIGHT = Array.f32(new int[] {3}, 0.9, -5, 0.26);

  private static Map<String, Array> results() {
    GraphBuilder plain = new GraphBuilder("loss");
    Value weight =
        plain.input("w", Role.PARAMETER, TensorType.of(DType.F32, List.of(Dim.constant(3))));
    plain.output("w", weight);
    Graph rounded =
        FakeQuantize.of(
            plain.build(),
            Map.of("w", new Storage.Integers(4, -1, 0, new Storage.Inputs.Floats())));
    GraphBuilder builder = new GraphBuilder("gradients");
    GraphRewriter copy = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    List<Value> inputs = rounded.inputs().stream().map(copy::input).toList();
    rounded.nodes().forEach(copy::node);
    Value result = copy.value(rounded.output("w").value());
    Map<Value, Value> gradients = Autodiff.gradients(builder, Sum.all(builder, result), inputs);
    builder.output("rounded", result);
    builder.output("by weight", gradients.get(inputs.get(0)));
    builder.output("by scale", gradients.get(inputs.get(1)));
    Map<String, Array> given =
        Map.of(
            "w",
            WEIGHT,
            "w.log_scale",
            FakeQuantize.logarithms(new Array(DType.BF16, new int[] {1}, new double[] {0.5})));
    return GraphInterpreter.run(builder.build(), given, GraphInterpreter.Precision.TYPED);
  }

  @Test
  void weightsAreRoundedAndHeld() {
    // 1.8, -10 and 0.52 steps of 0.5 are 2, -7 (the least of four bits) and 1.
    assertThat(results().get("rounded").data()).containsExactly(1, -3.5, 0.5);
  }

  @Test
  void gradientsPassStraightThroughButWhereTheEndsHold() {
    assertThat(results().get("by weight").data()).containsExactly(1, 0, 1);
  }

  @Test
  void theScaleLearnsFromWhatRoundingDid() {
    // Esser et al., equation 3: (2 - 1.8) - 7 + (1 - 0.52), times the scale for its logarithm.
    assertThat(results().get("by scale").data()[0]).isCloseTo(0.5 * -6.32, within(1e-5));
  }

  @Test
  void whatIsStoredIsWhatWasTrained() {
    Array scales = new Array(DType.BF16, new int[] {1}, new double[] {0.5});
    assertThat(FakeQuantize.scales(FakeQuantize.logarithms(scales)).data()).containsExactly(0.5);
    StoredIntegers stored = StoredIntegers.of(WEIGHT, -1, 4, 0, scales);
    assertThat(stored.integers().data()).containsExactly(2, -7, 1);
    assertThat(stored.values(-1, 0).data()).containsExactly(1, -3.5, 0.5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.POSITIVE_INFINITY, Double.NaN})
  void scalesThatMakeNoIntegers(double scale) {
    Array scales = new Array(DType.BF16, new int[] {1}, new double[] {scale});
    assertThatThrownBy(() -> StoredIntegers.of(WEIGHT, -1, 4, 0, scales))
        .isInstanceOf(StoredIntegers.NotFiniteException.class)
        .hasMessageContaining("a scale is " + scale);
  }
}
