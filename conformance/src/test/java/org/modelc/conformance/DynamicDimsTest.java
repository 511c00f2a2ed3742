package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Concat;
import org.modelc.ir.ops.Convolution;
import org.modelc.ir.ops.Cumsum;
import org.modelc.ir.ops.Einsum;
import org.modelc.ir.ops.Gather;
import org.modelc.ir.ops.Iota;
import org.modelc.ir.ops.LogSoftmax;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.Mean;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Pad;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Reverse;
import org.modelc.ir.ops.Slice;
import org.modelc.ir.ops.Split;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.ops.Variance;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.Autodiff;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.testkit.Tolerances;

/**
 * Ops over dims that are bound at a call, compiled once and run at several sizes, with gradients.
 */
class DynamicDimsTest {
  private static final Dim B = Dim.symbol("B");
  private static final Dim T = Dim.symbol("T");

  /** An op of one floating operand {@code f32[B, 4, T]}. */
  private record Case(String name, BiFunction<GraphBuilder, Value, Value> op) {}

  private static List<Case> cases() {
    return List.of(
        new Case("reshape", (b, x) -> Reshape.of(b, x, List.of(B.times(T), dim(2), dim(2)))),
        new Case("concat of a dim with itself", (b, x) -> Concat.of(b, List.of(x, x), 0)),
        new Case("split of a sum", DynamicDimsTest::splitSum),
        new Case("slice", (b, x) -> Slice.ofAxis(b, x, 2, Dim.ONE, T)),
        new Case("pad by a dim", DynamicDimsTest::padByDim),
        new Case("reverse", (b, x) -> Reverse.of(b, x, List.of(0, 2))),
        new Case("mean", (b, x) -> Mean.of(b, x, List.of(0, 2), false)),
        new Case("variance", (b, x) -> Variance.of(b, x, List.of(0, -1), true)),
        new Case("cumsum", (b, x) -> Cumsum.of(b, x, 0, true)),
        new Case("log_softmax", (b, x) -> LogSoftmax.of(b, x, -1)),
        new Case("matmul with itself", (b, x) -> Matmul.of(b, x, Reshape.of(b, x, swapped()))),
        new Case("einsum", (b, x) -> Einsum.of(b, "bct,bdt->cd", x, x)),
        new Case("gather", (b, x) -> Gather.of(b, x, Iota.of(b, DType.I32, List.of(B), 0), 0)),
        new Case("iota", DynamicDimsTest::timesIota),
        new Case("convolution", DynamicDimsTest::convolved),
        new Case("max_pool", (b, x) -> pooled(b, "max_pool", x)),
        new Case("sum_pool", (b, x) -> pooled(b, "sum_pool", x)));
  }

  private static Dim dim(int size) {
    return Dim.constant(size);
  }

  private static List<Dim> swapped() {
    return List.of(B, T, dim(4));
  }

  private static Value splitSum(GraphBuilder builder, Value x) {
    Value twice = Concat.of(builder, List.of(x, x), 2);
    List<Value> parts = Split.of(builder, twice, List.of(T.plus(-1), T.plus(1)), 2);
    return parts.get(1);
  }

  private static Value padByDim(GraphBuilder builder, Value x) {
    List<Dim> low = List.of(Dim.ONE, Dim.ZERO, B);
    List<Dim> high = List.of(Dim.ZERO, Dim.ZERO, Dim.ONE);
    return Pad.of(builder, x, low, high, List.of(0, 1, 2), 0.5);
  }

  private static Value timesIota(GraphBuilder builder, Value x) {
    Value count = Iota.of(builder, DType.I32, x.tensor().shape(), 2);
    return Multiply.of(builder, x, Cast.of(builder, count, DType.F32));
  }

  @SuppressWarnings("unchecked")
  private static Value pooled(GraphBuilder builder, String name, Value x) {
    OpDef<Record> op = (OpDef<Record>) OpRegistry.find(name);
    Map<String, Object> window = Map.of("window", 2L, "strides", 1L, "padding_low", 1L);
    Record attributes = AttributeText.create(op.attributesType(), name, window);
    return builder.add(op, attributes, List.of(x)).get(0);
  }

  /** A kernel made of the input's own values, so that both gradients are taken. */
  private static Value convolved(GraphBuilder builder, Value x) {
    Value sum = Sum.of(builder, x, List.of(0, 2), false);
    Value kernel = Reshape.of(builder, Concat.of(builder, List.of(sum, sum, sum), 0), kernel());
    Convolution.Attributes same =
        new Convolution.Attributes(
            List.of(1), List.of(Dim.ONE), List.of(Dim.ONE), List.of(1), List.of(1), 1);
    return Convolution.of(builder, x, kernel, same);
  }

  private static List<Dim> kernel() {
    return List.of(Dim.ONE, dim(4), dim(3));
  }

  /** The op's result and the gradient of the sum of its squares. */
  private static Graph graph(Case each) {
    GraphBuilder builder = new GraphBuilder("dynamic");
    Value x = builder.input("x", Role.INPUT, TensorType.of(DType.F32, B, dim(4), T));
    Value y = each.op().apply(builder, x);
    Value loss = Sum.all(builder, Multiply.of(builder, y, y));
    Map<Value, Value> gradients = Autodiff.gradients(builder, loss, List.of(x));
    builder.output("y", y);
    builder.output("gradient", gradients.get(x));
    return builder.build();
  }

  @TestFactory
  List<DynamicTest> agreeWithTheInterpreter() {
    List<Graph> graphs = cases().stream().map(DynamicDimsTest::graph).toList();
    List<BytecodeProgram> programs = BytecodeProgram.compileAll(graphs, Pipeline.TRAINING);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < graphs.size(); i++) {
      Graph graph = graphs.get(i);
      BytecodeProgram program = programs.get(i);
      tests.add(
          DynamicTest.dynamicTest(
              cases().get(i).name(),
              () -> {
                check(graph, program, 1, 2);
                check(graph, program, 3, 5);
                check(graph, program, 7, 3);
              }));
    }
    return tests;
  }

  private static void check(Graph graph, BytecodeProgram program, int b, int t) {
    List<Array> inputs = List.of(SampleValues.spread(b, b, 4, t));
    List<Array> expected = GraphInterpreter.run(graph, inputs, Precision.TYPED);
    List<Array> actual = program.run(inputs, 1);
    for (int i = 0; i < expected.size(); i++) {
      String difference = Tolerances.backend(DType.F32).difference(expected.get(i), actual.get(i));
      assertThat(difference).as("B = %d, T = %d\n%s", b, t, graph).isNull();
    }
  }
}
