package org.modelc.conformance;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.graph.GraphParser;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.GoldenRunner;

/** The CUDA C++ of small graphs, by schedule. */
class CudaGoldenTest {
  private static final Path FOLDER = Path.of("src/test/golden/cuda");

  private static final GoldenRunner RUNNER =
      new GoldenRunner(Map.of("cuda", CudaGoldenTest::cuda), Map.of());

  @TestFactory
  List<DynamicTest> files() {
    return RUNNER.tests(FOLDER);
  }

  private static String cuda(String input, String argument) {
    return EmittedCuda.all(List.of(GraphParser.parse(input)), Pipeline.TRAINING).get(0).source();
  }
}
