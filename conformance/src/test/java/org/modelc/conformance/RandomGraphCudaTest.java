package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.ir.graph.GraphParser;
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
 * Random graphs as CUDA C++ against the interpreter, without a GPU ({@link CudaDevices}); another
 * order of warps and lanes gives the same bits. With {@code mvn -Pcuda} NVRTC's PTX is interpreted
 * in place of it, of 300 graphs. {@code -Drandom.cuda=N} makes N graphs instead of 80, {@code
 * -Drandom.seed=S} starts at another seed.
 */
class RandomGraphCudaTest {
  private static final int GRAPHS =
      Integer.getInteger("random.cuda", PtxCompiler.asked().isPresent() ? 300 : 80);
  private static final long FIRST_SEED = Long.getLong("random.seed", 1);
  private static final int BATCH = 40;

  @TempDir static Path folder;
  private static CudaDevices devices;

  @BeforeAll
  static void devices() throws IOException {
    devices = CudaDevices.in(folder);
  }

  static List<Long> batches() {
    List<Long> starts = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed += BATCH) {
      starts.add(seed);
    }
    return starts;
  }

  @ParameterizedTest(name = "seeds from {0}")
  @MethodSource("batches")
  void agree(long firstSeed) throws IOException {
    boolean isTraining = firstSeed / BATCH % 2 == 0;
    Pipeline pipeline = isTraining ? Pipeline.TRAINING : Pipeline.INFERENCE;
    List<RandomCase> cases = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (long seed = firstSeed; seed < firstSeed + BATCH / 2; seed++) {
        RandomCase random = RandomGraphs.make(2 * seed + dtype.ordinal(), dtype);
        cases.add(seed % 3 == 0 ? GradientGraph.of(random, dtype) : random);
      }
    }
    List<EmittedCuda> emitted =
        EmittedCuda.all(cases.stream().map(RandomCase::graph).toList(), pipeline);
    LongFunction<CudaRun.Device> byOrder = devices.of(EmittedCuda.text(emitted));
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      String failure = failure(cases.get(i), emitted.get(i), byOrder);
      if (failure != null) {
        failures.add(failure + "\n" + reduced(cases.get(i), pipeline));
      }
    }
    assertThat(failures).as("graphs that differ").isEmpty();
  }

  /** As random graphs name theirs, after the ops that make them. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void buffersThatAreCalledAsFunctionsAre(DType dtype) {
    String graph =
        """
        graph g(%x: TYPE[5] input, %fma: TYPE[5] input) {
          %abs = abs(%x)
          %sqrt = sqrt(%abs)
          %floor = floor(%sqrt)
          %ceil = ceil(%x)
          %rint = round(%x)
          %product = multiply(%x, %fma)
          %sum = add(%product, %ceil)
          return fabs = %abs
          return sqrt = %sqrt
          return floor = %floor
          return ceil = %ceil
          return rint = %rint
          return fmaf = %sum
        }
        """;
    Array x = new Array(dtype, new int[] {5}, new double[] {-2.5, -0.25, 0.5, 1.75, 3});
    RandomCase named =
        new RandomCase(0, GraphParser.parse(graph.replace("TYPE", dtype.text())), List.of(x, x));
    assertThat(failure(named, Pipeline.INFERENCE)).isNull();
  }

  /** The failing graph made small, and what is generated for it. */
  private static String reduced(RandomCase failing, Pipeline pipeline) {
    RandomCase small = GraphReducer.reduce(failing, each -> failure(each, pipeline) != null);
    String source = EmittedCuda.all(List.of(small.graph()), pipeline).get(0).source();
    return failure(small, pipeline) + "\n" + small + source;
  }

  private static String failure(RandomCase random, Pipeline pipeline) {
    try {
      EmittedCuda emitted = EmittedCuda.all(List.of(random.graph()), pipeline).get(0);
      LongFunction<CudaRun.Device> byOrder = devices.of(EmittedCuda.text(List.of(emitted)));
      return failure(random, emitted, byOrder);
    } catch (IOException e) {
      return trace(e);
    }
  }

  /** What is wrong with a graph, or null. */
  private static String failure(
      RandomCase random, EmittedCuda emitted, LongFunction<CudaRun.Device> byOrder) {
    try {
      return difference(random, emitted, byOrder);
    } catch (IOException | RuntimeException e) {
      return trace(e);
    }
  }

  private static String trace(Exception e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  private static String difference(
      RandomCase random, EmittedCuda emitted, LongFunction<CudaRun.Device> byOrder)
      throws IOException {
    List<Array> inputs = random.inputs();
    GraphVerifier.verify(random.graph());
    List<Array> exact = GraphInterpreter.run(random.graph(), inputs, Precision.EXACT);
    List<Array> typed = GraphInterpreter.run(random.graph(), inputs, Precision.TYPED);
    CudaRun cuda = new CudaRun(emitted, inputs);
    List<Array> first = cuda.on(byOrder.apply(0));
    String difference = Agreement.difference(exact, typed, first);
    if (difference != null) {
      return "cuda: " + difference;
    }
    List<Array> second = cuda.on(byOrder.apply(random.seed() | 1));
    return second.equals(first) ? null : "another order of warps gives other bits";
  }
}
