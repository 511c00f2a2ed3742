package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.Tolerances;

/** Each op's samples, and their vjps, lowered to bytecode against the interpreter. */
class OpBytecodeTest {
  @TestFactory
  List<DynamicTest> forwardAndBackward() {
    List<OpRun> runs = new ArrayList<>(OpRun.all());
    runs.addAll(OpRun.wide());
    List<Graph> graphs = runs.stream().map(OpRun::graph).toList();
    List<BytecodeProgram> programs = BytecodeProgram.compileAll(graphs, Pipeline.TRAINING);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      OpRun run = runs.get(i);
      BytecodeProgram program = programs.get(i);
      tests.add(DynamicTest.dynamicTest(run.name(), () -> check(run, program)));
    }
    return tests;
  }

  private static void check(OpRun run, BytecodeProgram program) {
    List<Array> expected = GraphInterpreter.run(run.graph(), run.inputs(), Precision.TYPED);
    List<Array> actual = program.run(run.inputs(), 1);
    for (int i = 0; i < expected.size(); i++) {
      String difference =
          Tolerances.backend(expected.get(i).dtype()).difference(expected.get(i), actual.get(i));
      assertThat(difference).as("%s\n%s\n%s", run.name(), run.graph(), program.source()).isNull();
    }
  }
}
