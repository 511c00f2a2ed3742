package org.modelc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.graph.GraphVerifier;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.runtime.spec.DType;

/**
 * A golden file's values: inputs {@code x = f32[2] 1 2}, outputs {@code => y = f32[2] 2.5 3}. The
 * head line names where the outputs come from: {@code --- run numpy 1.24.2}.
 */
public final class RunSection {
  private static final Pattern LINE =
      Pattern.compile("(=> )?([^ =]+) = (\\w+)\\[([0-9, ]*)]((?: [-+.\\w]+)*)");
  private final Map<String, Executor> executors;

  /** Runs a graph; its results are compared in the types of the graph. */
  @FunctionalInterface
  public interface Executor {
    Map<String, Array> run(Graph graph, Map<String, Array> inputs);
  }

  RunSection(Map<String, Executor> executors) {
    this.executors = Map.copyOf(executors);
  }

  void check(String input, GoldenFile.Section section) {
    assertThat(section.argument()).as("the source of a run section's values").isNotBlank();
    Graph graph = GraphVerifier.verify(GraphParser.parse(input));
    Map<String, Array> inputs = new LinkedHashMap<>();
    Map<String, Array> outputs = new LinkedHashMap<>();
    for (String line : section.body().lines().filter(text -> !text.isBlank()).toList()) {
      Matcher parts = LINE.matcher(line.strip());
      assertThat(parts.matches()).as("a line 'name = type[shape] values': %s", line).isTrue();
      (parts.group(1) == null ? inputs : outputs).put(parts.group(2), array(parts));
    }
    assertThat(outputs).as("outputs, after =>").isNotEmpty();
    Map<String, Array> exact = GraphInterpreter.run(graph, inputs, Precision.EXACT);
    compare("interpreter", outputs, exact, Tolerances.exact());
    executors.forEach(
        (name, executor) -> compare(name, outputs, executor.run(graph, inputs), null));
  }

  private static void compare(
      String name, Map<String, Array> expected, Map<String, Array> actual, Closeness closeness) {
    expected.forEach(
        (output, array) -> {
          assertThat(actual).as(name).containsKey(output);
          Closeness used = closeness == null ? Tolerances.backend(array.dtype()) : closeness;
          String difference = used.difference(array, actual.get(output));
          assertThat(difference).as("%s, output %s", name, output).isNull();
        });
  }

  private static Array array(Matcher parts) {
    String dims = parts.group(4).replace(" ", "");
    int[] shape =
        dims.isEmpty()
            ? new int[0]
            : Arrays.stream(dims.split(",")).mapToInt(Integer::parseInt).toArray();
    String values = parts.group(5).strip();
    double[] data =
        values.isEmpty()
            ? new double[0]
            : Arrays.stream(values.split(" +")).mapToDouble(Double::parseDouble).toArray();
    return new Array(DType.of(parts.group(3)), shape, data);
  }
}
