package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.OpCase;
import org.modelc.testkit.Tolerances;

/** Each op's samples, and their vjps, lowered to bytecode against the interpreter. */
class OpBytecodeTest {
  private record Run(String name, Graph graph, List<Array> inputs) {}

  @TestFactory
  List<DynamicTest> forwardAndBackward() {
    List<Run> runs = new ArrayList<>();
    for (OpCase<?> opCase : OpCase.all()) {
      runs.add(new Run(opCase + " forward", opCase.forward(), opCase.sample().operands()));
      if (opCase.op().isDifferentiable()) {
        Graph backward = opCase.backward();
        runs.add(new Run(opCase + " backward", backward, backwardInputs(opCase, backward)));
      }
    }
    List<Graph> graphs = runs.stream().map(Run::graph).toList();
    List<BytecodeProgram> programs = BytecodeProgram.compileAll(graphs, Pipeline.TRAINING);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      BytecodeProgram program = programs.get(i);
      tests.add(DynamicTest.dynamicTest(run.name(), () -> check(run, program)));
    }
    return tests;
  }

  private static List<Array> backwardInputs(OpCase<?> opCase, Graph backward) {
    List<Array> inputs = new ArrayList<>(opCase.sample().operands());
    Random random = new Random(3);
    for (Graph.Input input : backward.inputs().subList(inputs.size(), backward.inputs().size())) {
      Array array =
          Array.zeros(input.value().tensor().dtype(), input.value().tensor().staticShape());
      java.util.Arrays.setAll(array.data(), i -> random.nextInt(64) / 16.0 - 2);
      inputs.add(array);
    }
    return inputs;
  }

  private static void check(Run run, BytecodeProgram program) {
    List<Array> expected = GraphInterpreter.run(run.graph(), run.inputs(), Precision.TYPED);
    List<Array> actual = program.run(run.inputs(), 1);
    for (int i = 0; i < expected.size(); i++) {
      String difference =
          Tolerances.backend(expected.get(i).dtype()).difference(expected.get(i), actual.get(i));
      assertThat(difference).as("%s\n%s\n%s", run.name(), run.graph(), program.source()).isNull();
    }
  }
}
