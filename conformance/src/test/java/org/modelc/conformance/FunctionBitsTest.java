package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * The f32 functions give the same bits in native code, at every level, as in bytecode, whose errors
 * {@link ScalarExpansionTest} bounds; on floats spread over all bit patterns.
 */
class FunctionBitsTest {
  private static final int SIZE = (1 << 16) + 7;
  private static final long STEP = (1L << 32) / SIZE;

  static Stream<Arguments> functionsAtLevels() {
    return Stream.of("exp", "expm1", "sigmoid", "tanh", "log", "log1p", "erf", "sin", "cos")
        .flatMap(name -> NativeLibrary.runnable().stream().map(level -> Arguments.of(name, level)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("functionsAtLevels")
  void areThoseOfBytecode(String function, IsaLevel level) {
    double[] x = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      x[i] = Float.intBitsToFloat((int) (Integer.MIN_VALUE + i * STEP));
    }
    List<Array> inputs = List.of(Array.f32(new int[] {SIZE}, x));
    Graph graph = graph(function);
    Array expected =
        BytecodeProgram.compileAll(List.of(graph), Pipeline.TRAINING).get(0).run(inputs, 1).get(0);
    Array found = NativeProgram.compile(graph, Pipeline.TRAINING, level).run(inputs, 1).get(0);
    for (int i = 0; i < SIZE; i++) {
      assertThat(Double.compare(found.data()[i], expected.data()[i]))
          .as("%s of %s: %s, not %s", function, x[i], found.data()[i], expected.data()[i])
          .isZero();
    }
  }

  @SuppressWarnings("unchecked")
  private static Graph graph(String function) {
    GraphBuilder builder = new GraphBuilder(function);
    Value x = builder.input("x", Role.INPUT, TensorType.of(DType.F32, SIZE));
    OpDef<NoAttributes> op = (OpDef<NoAttributes>) OpRegistry.find(function);
    builder.output("y", builder.add(op, NoAttributes.NONE, List.of(x)).get(0));
    return builder.build();
  }
}
