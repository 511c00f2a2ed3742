package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
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
 * A few ops whose kernels share memory or join lanes, the first sample of each forward and
 * backward, with a real thread for each of a block's under ThreadSanitizer. {@code
 * -Dcuda.checks=THREADS} runs all samples of {@link OpCudaTest} so.
 */
class OpThreadsTest {
  private static final Set<String> OPS =
      Set.of(
          "matmul", "convolution", "softmax", "sum", "log_softmax", "scaled_dot_product_attention");

  @TempDir static Path folder;

  @Test
  void noneOfThemRaces() throws IOException {
    Assumptions.assumeTrue(FiberCompiler.isAvailable(), "there is no g++");
    List<OpRun> runs = chosen();
    List<EmittedCuda> graphs =
        EmittedCuda.all(runs.stream().map(OpRun::graph).toList(), Pipeline.TRAINING);
    FiberProgram program =
        new FiberCompiler(folder).compile(EmittedCuda.text(graphs), FiberChecks.THREADS);
    for (int i = 0; i < runs.size(); i++) {
      OpRun run = runs.get(i);
      List<Array> expected = GraphInterpreter.run(run.graph(), run.inputs(), Precision.TYPED);
      List<Array> actual =
          new CudaRun(graphs.get(i), run.inputs()).on(new CudaOnFibers(program, 0));
      for (int j = 0; j < expected.size(); j++) {
        assertThat(
                Tolerances.backend(expected.get(j).dtype())
                    .difference(expected.get(j), actual.get(j)))
            .as(run.name())
            .isNull();
      }
    }
  }

  private static List<OpRun> chosen() {
    List<OpRun> chosen = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (OpRun run : OpRun.all()) {
      String op = run.name().substring(0, run.name().indexOf(':'));
      String direction = run.name().substring(run.name().lastIndexOf(' '));
      if (OPS.contains(op) && seen.add(op + direction)) {
        chosen.add(run);
      }
    }
    assertThat(seen).hasSize(2 * OPS.size());
    return chosen;
  }
}
