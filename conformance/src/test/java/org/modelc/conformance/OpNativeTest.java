package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.Tolerances;

/**
 * Each op's samples, and their vjps, as native code against the interpreter, at every level that
 * this machine can run; over buffers that end where memory ends, so that whoever reads or writes
 * further ends the process.
 */
class OpNativeTest {
  @TestFactory
  Stream<DynamicTest> forwardAndBackward() {
    return tests(OpRun.all(), Pipeline.TRAINING);
  }

  /** Weights are prepared, and packed where a product reads them. */
  @TestFactory
  Stream<DynamicTest> overWeights() {
    return tests(OpRun.overWeights(), Pipeline.INFERENCE);
  }

  private static Stream<DynamicTest> tests(List<OpRun> runs, Pipeline pipeline) {
    return NativeLibrary.runnable().stream().flatMap(level -> tests(runs, pipeline, level));
  }

  private static Stream<DynamicTest> tests(List<OpRun> runs, Pipeline pipeline, IsaLevel level) {
    List<NativeProgram> programs =
        NativeProgram.compileUnaligned(runs.stream().map(OpRun::graph).toList(), pipeline, level);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      OpRun run = runs.get(i);
      NativeProgram program = programs.get(i);
      tests.add(DynamicTest.dynamicTest(level + " " + run.name(), () -> check(run, program)));
    }
    return tests.stream();
  }

  private static void check(OpRun run, NativeProgram program) {
    List<Array> expected = GraphInterpreter.run(run.graph(), run.inputs(), Precision.TYPED);
    List<Array> actual = program.run(run.inputs(), 1, new GuardedMemory());
    for (int i = 0; i < expected.size(); i++) {
      String difference =
          Tolerances.backend(expected.get(i).dtype()).difference(expected.get(i), actual.get(i));
      assertThat(difference).as("%s\n%s\n%s", run.name(), run.graph(), program.source()).isNull();
    }
    assertThat(program.run(run.inputs(), 2)).as("two workers").isEqualTo(actual);
  }
}
