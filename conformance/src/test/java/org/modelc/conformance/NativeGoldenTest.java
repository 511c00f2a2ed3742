package org.modelc.conformance;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.Pipeline;
import org.modelc.testkit.GoldenRunner;

/** The LLVM IR of small graphs, by schedule; and their values. */
class NativeGoldenTest {
  private static final Path FOLDER = Path.of("src/test/golden/native");

  private static final GoldenRunner RUNNER =
      new GoldenRunner(
          Map.of("llvm", NativeGoldenTest::llvm), Map.of("native", NativeGoldenTest::run));

  @TestFactory
  List<DynamicTest> files() {
    return RUNNER.tests(FOLDER);
  }

  /**
   * @param argument the level: {@code x86-64-v3}
   */
  private static String llvm(String input, String argument) {
    for (IsaLevel level : IsaLevel.values()) {
      if (level.cpu().equals(argument)) {
        return NativeProgram.text(GraphParser.parse(input), Pipeline.TRAINING, level);
      }
    }
    throw new AssertionError("no level '" + argument + "'");
  }

  private static Map<String, Array> run(Graph graph, Map<String, Array> inputs) {
    List<IsaLevel> levels = NativeLibrary.runnable();
    IsaLevel best = levels.get(levels.size() - 1);
    List<Array> ordered = graph.inputs().stream().map(i -> inputs.get(i.name())).toList();
    List<Array> results = NativeProgram.compile(graph, Pipeline.TRAINING, best).run(ordered, 1);
    Map<String, Array> outputs = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      outputs.put(graph.outputs().get(i).name(), results.get(i));
    }
    return outputs;
  }
}
