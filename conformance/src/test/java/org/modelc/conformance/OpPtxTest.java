package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.Tolerances;
import org.modelc.testkit.ptx.PtxCompiler;
import org.modelc.testkit.ptx.PtxModule;

/**
 * The cases of {@link OpCudaTest} as PTX, executed by the interpreter with all its checks; for
 * those who have NVIDIA's compiler: {@code -Dmodelc.nvcc=PATH}.
 */
class OpPtxTest {
  private static final String WANTED = System.getProperty("cuda.op", "");
  private static final int BATCH = 200;

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> forwardAndBackward() throws IOException {
    PtxCompiler compiler = PtxCompiler.given("compute_80");
    Assumptions.assumeTrue(compiler != null, "-Dmodelc.nvcc=PATH was not given");
    List<OpRun> runs = new ArrayList<>();
    OpRun.all().stream().filter(run -> run.name().startsWith(WANTED)).forEach(runs::add);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i += BATCH) {
      tests.addAll(tests(compiler, runs.subList(i, Math.min(runs.size(), i + BATCH))));
    }
    return tests.stream();
  }

  private static List<DynamicTest> tests(PtxCompiler compiler, List<OpRun> runs)
      throws IOException {
    List<EmittedCuda> graphs =
        EmittedCuda.all(runs.stream().map(OpRun::graph).toList(), Pipeline.TRAINING);
    PtxModule module = compiler.compile(EmittedCuda.text(graphs), folder);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      OpRun run = runs.get(i);
      EmittedCuda graph = graphs.get(i);
      tests.add(DynamicTest.dynamicTest(run.name(), () -> check(run, graph, module)));
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
