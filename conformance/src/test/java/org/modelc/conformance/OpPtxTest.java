package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.Tolerances;
import org.modelc.testkit.ptx.PtxModule;

/**
 * The cases of {@link OpCudaTest} as the PTX that NVRTC makes of them, executed by the interpreter
 * with all its checks. Run with {@code mvn -Pcuda}; {@code -Dcuda.architecture=90} takes another
 * than the first one with all instructions and the latest.
 */
class OpPtxTest {
  private static final String WANTED = System.getProperty("cuda.op", "");
  private static final List<Integer> ARCHITECTURES =
      Integer.getInteger("cuda.architecture") == null
          ? List.of(80, 120)
          : List.of(Integer.getInteger("cuda.architecture"));
  private static final int BATCH = 200;

  @TestFactory
  Stream<DynamicTest> forwardAndBackward() {
    PtxCompiler.required();
    List<OpRun> runs = new ArrayList<>();
    OpRun.all().stream().filter(run -> run.name().startsWith(WANTED)).forEach(runs::add);
    List<DynamicTest> tests = new ArrayList<>();
    for (int architecture : ARCHITECTURES) {
      for (int i = 0; i < runs.size(); i += BATCH) {
        tests.addAll(tests(architecture, runs.subList(i, Math.min(runs.size(), i + BATCH))));
      }
    }
    return tests.stream();
  }

  private static List<DynamicTest> tests(int architecture, List<OpRun> runs) {
    List<EmittedCuda> graphs =
        EmittedCuda.all(runs.stream().map(OpRun::graph).toList(), Pipeline.TRAINING);
    String text = EmittedCuda.text(graphs);
    PtxModule module = PtxModule.parse(PtxCompiler.required().compile(text, architecture).ptx());
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      OpRun run = runs.get(i);
      EmittedCuda graph = graphs.get(i);
      tests.add(
          DynamicTest.dynamicTest(
              "sm_" + architecture + " " + run.name(), () -> check(run, graph, module)));
    }
    return tests;
  }

  private static void check(OpRun run, EmittedCuda graph, PtxModule module) throws IOException {
    List<Array> expected = GraphInterpreter.run(run.graph(), run.inputs(), Precision.TYPED);
    CudaRun cuda = new CudaRun(graph, run.inputs());
    List<Array> actual = cuda.on(new CudaOnPtx(module, 0));
    for (int i = 0; i < expected.size(); i++) {
      String difference =
          Tolerances.backend(expected.get(i).dtype()).difference(expected.get(i), actual.get(i));
      assertThat(difference).as("%s\n%s\n%s", run.name(), run.graph(), graph.source()).isNull();
    }
    assertThat(cuda.on(new CudaOnPtx(module, 5))).as("another order").isEqualTo(actual);
  }
}
