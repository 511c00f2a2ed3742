package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.graph.GraphVerifier;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.DType;
import org.modelc.testkit.random.Agreement;
import org.modelc.testkit.random.GraphReducer;
import org.modelc.testkit.random.RandomCase;
import org.modelc.testkit.random.RandomGraphs;

/**
 * Random graphs as native code against the interpreter, and two workers against one; the levels
 * that this machine can run take turns. {@code -Drandom.native=N} makes N graphs instead of 160,
 * {@code -Drandom.seed=S} starts at another seed.
 */
class RandomGraphNativeTest {
  private static final int GRAPHS = Integer.getInteger("random.native", 160);
  private static final long FIRST_SEED = Long.getLong("random.seed", 1);
  private static final int BATCH = 40;

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
    List<IsaLevel> levels = NativeLibrary.runnable();
    int turn = (int) (firstSeed / BATCH);
    IsaLevel level = levels.get(turn % levels.size());
    Pipeline pipeline = turn % 2 == 0 ? Pipeline.TRAINING : Pipeline.INFERENCE;
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      List<RandomCase> cases = new ArrayList<>();
      for (long seed = firstSeed; seed < firstSeed + BATCH / 2; seed++) {
        RandomCase random = RandomGraphs.make(2 * seed + dtype.ordinal(), dtype);
        cases.add(seed % 3 == 0 ? GradientGraph.of(random, dtype) : random);
      }
      List<NativeProgram> programs = compile(cases, pipeline, level);
      for (int i = 0; i < cases.size(); i++) {
        NativeProgram program = programs.isEmpty() ? null : programs.get(i);
        String failure = failure(cases.get(i), program, pipeline, level);
        if (failure != null) {
          failures.add(dtype + " " + failure + "\n" + reduced(cases.get(i), pipeline, level));
        }
      }
    }
    assertThat(failures).as("graphs that differ at %s", level).isEmpty();
  }

  /** All at once, which is quick; none if one does not compile, to be found one by one. */
  private static List<NativeProgram> compile(
      List<RandomCase> cases, Pipeline pipeline, IsaLevel level) {
    try {
      return NativeProgram.compileAll(
          cases.stream().map(RandomCase::graph).toList(), pipeline, level);
    } catch (RuntimeException e) {
      return List.of();
    }
  }

  /** The failing graph made small, and what is generated for it. */
  private static String reduced(RandomCase failing, Pipeline pipeline, IsaLevel level) {
    RandomCase small =
        GraphReducer.reduce(failing, each -> failure(each, null, pipeline, level) != null);
    return failure(small, null, pipeline, level) + "\n" + small + source(small, pipeline, level);
  }

  private static String source(RandomCase small, Pipeline pipeline, IsaLevel level) {
    try {
      return NativeProgram.compile(small.graph(), pipeline, level).source();
    } catch (RuntimeException e) {
      return "";
    }
  }

  /** What is wrong with a graph, or null. */
  private static String failure(
      RandomCase random, NativeProgram compiled, Pipeline pipeline, IsaLevel level) {
    try {
      NativeProgram program =
          compiled != null ? compiled : NativeProgram.compile(random.graph(), pipeline, level);
      return difference(random, program);
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return trace.toString();
    }
  }

  private static String difference(RandomCase random, NativeProgram program) {
    List<Array> inputs = random.inputs();
    GraphVerifier.verify(random.graph());
    List<Array> exact = GraphInterpreter.run(random.graph(), inputs, Precision.EXACT);
    List<Array> typed = GraphInterpreter.run(random.graph(), inputs, Precision.TYPED);
    List<Array> alone = program.run(inputs, 1);
    String difference = Agreement.difference(exact, typed, alone);
    if (difference != null) {
      return "native: " + difference;
    }
    return program.run(inputs, 2).equals(alone) ? null : "two workers give other bits than one";
  }
}
