package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Sigmoid;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;

/**
 * The 2-2-1 sigmoid net with all weights 0.5, biases 0, rate 0.1, loss ½(y−t)², one sample at a
 * time. The figures are the golden facts of issue 2, worked out by hand.
 */
class SigmoidNetTest {
  private static final Dim B = Dim.symbol("B");
  private static final Dim TWO = Dim.constant(2);

  private static Value parameter(GraphBuilder builder, String name, int... shape) {
    return builder.input(name, Role.PARAMETER, TensorType.of(DType.F32, shape));
  }

  /** x · w as a broadcast product summed over the inner axis. */
  private static Value product(GraphBuilder builder, Value x, Value w) {
    List<Dim> shape = List.of(B, w.tensor().dim(0), w.tensor().dim(1));
    List<Dim> column = List.of(B, w.tensor().dim(0), Dim.ONE);
    Value left = Broadcast.of(builder, Reshape.of(builder, x, column), shape);
    return Sum.of(builder, Multiply.of(builder, left, w), List.of(1), false);
  }

  static Graph loss() {
    GraphBuilder builder = new GraphBuilder("loss");
    Value x = builder.input("x", Role.INPUT, TensorType.of(DType.F32, B, TWO));
    Value t = builder.input("t", Role.INPUT, TensorType.of(DType.F32, B));
    Value w = parameter(builder, "hidden.weight", 2, 2);
    Value b = parameter(builder, "hidden.bias", 2);
    Value v = parameter(builder, "output.weight", 2, 1);
    Value c = parameter(builder, "output.bias", 1);
    Value h = Sigmoid.of(builder, Add.of(builder, product(builder, x, w), b));
    Value y = Sigmoid.of(builder, Add.of(builder, product(builder, h, v), c));
    Value error = Subtract.of(builder, Reshape.of(builder, y, List.of(B)), t);
    Value square = Multiply.of(builder, error, error);
    builder.output("loss", Multiply.of(builder, square, Constant.like(builder, square, 0.5)));
    builder.output("h", h);
    builder.output("y", y);
    return builder.build();
  }

  static MinimizeSpec sgd() {
    return new MinimizeSpec(
        "loss",
        List.of(),
        new OptimizerSpec("sgd", Map.of()),
        new ScheduleSpec("constant", 0.1, Map.of()),
        List.of(),
        null);
  }

  static Graph step(MinimizeSpec spec) {
    return TrainingStep.build(
        "train", List.of(new TrainingStep.Minimize(loss(), spec)), false, new Diagnostics());
  }

  private static Map<String, Array> start() {
    Map<String, Array> values = new LinkedHashMap<>();
    values.put("hidden.weight", Array.f32(new int[] {2, 2}, 0.5, 0.5, 0.5, 0.5));
    values.put("hidden.bias", Array.f32(new int[] {2}, 0, 0));
    values.put("output.weight", Array.f32(new int[] {2, 1}, 0.5, 0.5));
    values.put("output.bias", Array.f32(new int[] {1}, 0));
    return values;
  }

  private static Map<String, Array> sample(Map<String, Array> parameters, double... values) {
    Map<String, Array> inputs = new LinkedHashMap<>(parameters);
    inputs.put("x", Array.f32(new int[] {1, 2}, values[0], values[1]));
    inputs.put("t", Array.f32(new int[] {1}, values[2]));
    inputs.put("example_weight", Array.f32(new int[] {1}, 1));
    inputs.put("rate", Array.f32(new int[] {}, 0.1));
    inputs.put("step", new Array(DType.I64, new int[] {}, new double[] {0}));
    return inputs;
  }

  private static Map<String, Array> train(Graph step, Map<String, Array> values, double... sample) {
    Map<String, Array> after = new LinkedHashMap<>(values);
    Map<String, Array> results =
        GraphInterpreter.run(step, sample(values, sample), Precision.EXACT);
    values.forEach((name, old) -> after.put(name, results.get(name + "'")));
    return after;
  }

  private static void assertIs(Array array, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(array.data()[i]).isCloseTo(expected[i], within(5e-9));
    }
  }

  @Test
  void forwardPass() {
    Map<String, Array> results =
        GraphInterpreter.run(loss(), sample(start(), 1, 0, 1), Precision.EXACT);
    assertIs(results.get("h"), 0.62245933, 0.62245933);
    assertIs(results.get("y"), 0.65077768);
  }

  @Test
  void oneStep() {
    Map<String, Array> after = train(step(sgd()), start(), 1, 0, 1);
    assertIs(after.get("hidden.weight"), 0.50093257, 0.50093257, 0.5, 0.5);
    assertIs(after.get("output.weight"), 0.50494024, 0.50494024);
    assertIs(after.get("output.bias"), 0.00793664);
  }

  @Test
  void fourSteps() {
    Graph step = step(sgd());
    Map<String, Array> values = start();
    double[][] samples = {{1, 0, 1}, {0, 1, 0}, {1, 1, 0}, {1, 0, 1}};
    for (double[] sample : samples) {
      values = train(step, values, sample);
    }
    assertIs(values.get("hidden.weight"), 0.50042844, 0.50042844, 0.49679956, 0.49679956);
    assertIs(values.get("output.weight"), 0.49003075, 0.49003075);
    assertIs(values.get("hidden.bias"), -0.00132726, -0.00132726);
    assertIs(values.get("output.bias"), -0.01342555);
  }

  @Test
  void kernelsGiveTheSame() {
    Graph step = step(sgd());
    Map<String, Array> inputs = sample(start(), 1, 0, 1);
    Map<String, Array> expected = GraphInterpreter.run(step, inputs, Precision.EXACT);
    KernelProgram program = KernelProgramSummary.of(step, Pipeline.TRAINING).program();
    Map<String, Array> actual = KernelInterpreter.run(program, inputs, Map.of("B", 1));
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, array) -> assertClose(actual.get(name), array));
  }

  private static void assertClose(Array actual, Array expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.data()[i]).isCloseTo(expected.data()[i], within(1e-6));
    }
  }
}
