package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphVerifier;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.PassManager;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;
import org.modelc.runtime.spec.DType;
import org.modelc.testkit.random.Agreement;
import org.modelc.testkit.random.GraphReducer;
import org.modelc.testkit.random.RandomCase;
import org.modelc.testkit.random.RandomGraphs;

/**
 * Random graphs: optimised against unoptimised, bytecode against the interpreter, two workers
 * against one. {@code -Drandom.graphs=N} makes N instead of 2,000, {@code -Drandom.seed=S} starts
 * at another seed.
 */
class RandomGraphTest {
  private static final int GRAPHS = Integer.getInteger("random.graphs", 2000);
  private static final long FIRST_SEED = Long.getLong("random.seed", 1);
  private static final int BATCH = 50;

  static List<Long> batches() {
    List<Long> starts = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed += BATCH) {
      starts.add(seed);
    }
    return starts;
  }

  @ParameterizedTest(name = "seeds from {0}")
  @MethodSource("batches")
  void agree(long firstSeed) {
    List<String> failures = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Pipeline pipeline = firstSeed / BATCH % 2 == 0 ? Pipeline.TRAINING : Pipeline.INFERENCE;
      List<RandomCase> cases = new ArrayList<>();
      for (long seed = firstSeed; seed < firstSeed + BATCH / 2; seed++) {
        RandomCase random = RandomGraphs.make(2 * seed + dtype.ordinal(), dtype);
        cases.add(seed % 3 == 0 ? GradientGraph.of(random, dtype) : random);
      }
      List<BytecodeProgram> programs = compile(cases, pipeline);
      for (int i = 0; i < cases.size(); i++) {
        BytecodeProgram program = programs.isEmpty() ? null : programs.get(i);
        String failure = failure(cases.get(i), program, pipeline);
        if (failure != null) {
          failures.add(dtype + " " + failure + "\n" + reduced(cases.get(i), pipeline));
        }
      }
    }
    assertThat(failures).as("graphs that differ").isEmpty();
  }

  /** All at once, which is quick; none if one does not compile, to be found one by one. */
  private static List<BytecodeProgram> compile(List<RandomCase> cases, Pipeline pipeline) {
    try {
      return BytecodeProgram.compileAll(cases.stream().map(RandomCase::graph).toList(), pipeline);
    } catch (RuntimeException e) {
      return List.of();
    }
  }

  /** The failing graph made small, and what is generated for it. */
  private static String reduced(RandomCase failing, Pipeline pipeline) {
    RandomCase small = GraphReducer.reduce(failing, each -> failure(each, null, pipeline) != null);
    return failure(small, null, pipeline) + "\n" + small + source(small, pipeline);
  }

  private static String source(RandomCase small, Pipeline pipeline) {
    try {
      return BytecodeProgram.compileAll(List.of(small.graph()), pipeline).get(0).source();
    } catch (RuntimeException e) {
      return "";
    }
  }

  /** What is wrong with a graph, or null. */
  private static String failure(RandomCase random, BytecodeProgram compiled, Pipeline pipeline) {
    try {
      BytecodeProgram program =
          compiled != null
              ? compiled
              : BytecodeProgram.compileAll(List.of(random.graph()), pipeline).get(0);
      return difference(random, program, pipeline);
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return trace.toString();
    }
  }

  private static String difference(RandomCase random, BytecodeProgram program, Pipeline pipeline) {
    Graph graph = GraphVerifier.verify(random.graph());
    List<Array> inputs = random.inputs();
    List<Array> exact = GraphInterpreter.run(graph, inputs, Precision.EXACT);
    List<Array> typed = GraphInterpreter.run(graph, inputs, Precision.TYPED);
    Graph optimized =
        new PassManager(Target.PLAIN, PassManager.Listener.NONE).run(pipeline.graph(), graph);
    List<Array> afterPasses = GraphInterpreter.run(optimized, inputs, Precision.TYPED);
    String difference = Agreement.difference(exact, typed, afterPasses);
    if (difference != null) {
      return "optimised: " + difference + "\n" + optimized;
    }
    List<Array> alone = program.run(inputs, 1);
    difference = Agreement.difference(exact, typed, alone);
    if (difference != null) {
      return "bytecode: " + difference;
    }
    return program.run(inputs, 2).equals(alone) ? null : "two workers give other bits than one";
  }
}
