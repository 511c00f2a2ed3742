package org.modelc.passes;

import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.runtime.spec.DType;
import org.modelc.testkit.random.Agreement;
import org.modelc.testkit.random.RandomCase;
import org.modelc.testkit.random.RandomGraphs;

/** Random graphs mean the same before all passes and as fused, planned kernels. */
class RandomProgramsTest {
  private static final int CASES = Integer.getInteger("random.programs", 150);
  private static final long FIRST = Long.getLong("random.first", 1);

  @Test
  void trainingPipelineInFloat64() {
    compare(DType.F64, Pipeline.TRAINING, false);
  }

  @Test
  void inferencePipelineInFloat64() {
    compare(DType.F64, Pipeline.INFERENCE, true);
  }

  @Test
  void trainingPipelineInFloat32() {
    compare(DType.F32, Pipeline.TRAINING, false);
  }

  private static void compare(DType dtype, Pipeline pipeline, boolean parameters) {
    int failures = 0;
    StringBuilder report = new StringBuilder();
    for (long seed = FIRST; seed < FIRST + CASES; seed++) {
      RandomCase random = RandomGraphs.make(seed, dtype);
      String difference = difference(random, pipeline, parameters);
      if (difference != null && failures++ < 3) {
        report.append(difference).append('\n').append(random).append('\n');
      }
    }
    if (failures > 0) {
      fail(failures + " of " + CASES + " differ\n" + report);
    }
  }

  private static String difference(RandomCase random, Pipeline pipeline, boolean parameters) {
    Graph graph = parameters ? CompiledRun.withParameters(random.graph()) : random.graph();
    List<Array> exact = GraphInterpreter.run(graph, random.inputs(), Precision.EXACT);
    List<Array> typed = GraphInterpreter.run(graph, random.inputs(), Precision.TYPED);
    try {
      List<Array> actual = CompiledRun.run(graph, random.inputs(), pipeline);
      return Agreement.difference(exact, typed, actual);
    } catch (RuntimeException e) {
      java.io.StringWriter trace = new java.io.StringWriter();
      e.printStackTrace(new java.io.PrintWriter(trace));
      return trace.toString();
    }
  }
}
