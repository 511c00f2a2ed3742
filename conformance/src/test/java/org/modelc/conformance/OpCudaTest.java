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
import org.modelc.testkit.fiber.FiberChecks;
import org.modelc.testkit.fiber.FiberCompiler;
import org.modelc.testkit.fiber.FiberProgram;

/**
 * Each op's samples, and their vjps, as CUDA C++ against the interpreter; without a GPU, by the
 * fiber shim. {@code -Dcuda.checks=ADDRESS} runs them under AddressSanitizer.
 */
class OpCudaTest {
  private static final FiberChecks CHECKS =
      FiberChecks.valueOf(System.getProperty("cuda.checks", "NONE"));
  private static final String WANTED = System.getProperty("cuda.op", "");
  private static final int BATCH = 60;

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> forwardAndBackward() throws IOException {
    Assumptions.assumeTrue(FiberCompiler.isAvailable(), "there is no g++");
    FiberCompiler compiler = new FiberCompiler(folder);
    List<OpRun> runs = new ArrayList<>();
    OpRun.all().stream().filter(run -> run.name().startsWith(WANTED)).forEach(runs::add);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i += BATCH) {
      tests.addAll(tests(compiler, runs.subList(i, Math.min(runs.size(), i + BATCH))));
    }
    return tests.stream();
  }

  private static List<DynamicTest> tests(FiberCompiler compiler, List<OpRun> runs)
      throws IOException {
    List<EmittedCuda> graphs =
        EmittedCuda.all(runs.stream().map(OpRun::graph).toList(), Pipeline.TRAINING);
    FiberProgram program = compiler.compile(EmittedCuda.text(graphs), CHECKS);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      OpRun run = runs.get(i);
      EmittedCuda graph = graphs.get(i);
      tests.add(DynamicTest.dynamicTest(run.name(), () -> check(run, graph, program)));
    }
    return tests;
  }

  private static void check(OpRun run, EmittedCuda graph, FiberProgram program) throws IOException {
    List<Array> expected = GraphInterpreter.run(run.graph(), run.inputs(), Precision.TYPED);
    CudaRun cuda = new CudaRun(graph, run.inputs());
    List<Array> actual = cuda.on(new CudaOnFibers(program, 0));
    for (int i = 0; i < expected.size(); i++) {
      String difference =
          Tolerances.backend(expected.get(i).dtype()).difference(expected.get(i), actual.get(i));
      assertThat(difference).as("%s\n%s\n%s", run.name(), run.graph(), graph.source()).isNull();
    }
    assertThat(cuda.on(new CudaOnFibers(program, 5))).as("another order").isEqualTo(actual);
  }
}
