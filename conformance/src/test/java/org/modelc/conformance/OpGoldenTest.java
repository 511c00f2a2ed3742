package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.passes.ExpandComposites;
import org.modelc.passes.Lower;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;
import org.modelc.testkit.GoldenFile;
import org.modelc.testkit.GoldenFile.Section;
import org.modelc.testkit.GoldenRunner;
import org.modelc.testkit.OpCase;

/**
 * A golden file for each op: its first sample as a graph, what it expands to, its vjp, its kernels,
 * and the sample's values. {@code -Dbless=true} also makes the files of new ops.
 */
class OpGoldenTest {
  private static final Path FOLDER = Path.of("src/test/golden/ops");

  private static final GoldenRunner RUNNER =
      new GoldenRunner(
          Map.of("ir", OpGoldenTest::ir, "kernel", OpGoldenTest::kernel),
          Map.of("bytecode", OpGoldenTest::run));

  @TestFactory
  List<DynamicTest> files() {
    if (GoldenRunner.BLESSING) {
      OpRegistry.all().forEach(OpGoldenTest::create);
    }
    return RUNNER.tests(FOLDER);
  }

  @Test
  void everyOpHasAFile() {
    assertThat(OpRegistry.all())
        .as("ops with a golden file; -Dbless=true makes those that are missing")
        .allMatch(op -> Files.exists(file(op)));
  }

  private static Path file(OpDef<?> op) {
    return FOLDER.resolve(op.name() + ".golden");
  }

  private static String ir(String input, String argument) {
    Graph graph = GraphParser.parse(input);
    return switch (argument) {
      case "expanded" -> new ExpandComposites().run(graph, Target.PLAIN).toString();
      case "vjp" -> OpCase.backward(graph).toString();
      default -> throw new AssertionError("no section 'ir " + argument + "'");
    };
  }

  private static String kernel(String input, String argument) {
    Graph graph = new ExpandComposites().run(GraphParser.parse(input), Target.PLAIN);
    return Lower.lower(graph).toString();
  }

  private static Map<String, Array> run(Graph graph, Map<String, Array> inputs) {
    List<Array> ordered = graph.inputs().stream().map(i -> inputs.get(i.name())).toList();
    BytecodeProgram program = BytecodeProgram.compileAll(List.of(graph), Pipeline.TRAINING).get(0);
    List<Array> results = program.run(ordered, 1);
    Map<String, Array> outputs = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      outputs.put(graph.outputs().get(i).name(), results.get(i));
    }
    return outputs;
  }

  private static <A extends Record> void create(OpDef<A> op) {
    if (Files.exists(file(op))) {
      return;
    }
    OpCase<A> first = new OpCase<>(op, op.samples().get(0));
    List<Section> sections = new ArrayList<>();
    if (op instanceof CompositeOp<A>) {
      sections.add(new Section("ir", "expanded", ""));
    }
    if (op.isDifferentiable()) {
      sections.add(new Section("ir", "vjp", ""));
    }
    sections.add(new Section("kernel", "", ""));
    if (first.sample().results() != null) {
      sections.add(values(first));
    }
    new GoldenFile(first.forward().toString(), sections).write(file(op));
  }

  private static Section values(OpCase<?> opCase) {
    StringBuilder body = new StringBuilder();
    List<Array> operands = opCase.sample().operands();
    for (int i = 0; i < operands.size(); i++) {
      body.append("operand").append(i).append(text(operands.get(i)));
    }
    List<Array> results = opCase.sample().results();
    for (int i = 0; i < results.size(); i++) {
      body.append("=> result").append(i).append(text(results.get(i)));
    }
    return new Section("run", opCase.sample().source(), body.toString());
  }

  private static String text(Array array) {
    String values =
        Arrays.stream(array.data())
            .mapToObj(
                v -> v == Math.rint(v) && Math.abs(v) < 1e9 ? String.valueOf((long) v) : "" + v)
            .map(v -> " " + v)
            .collect(Collectors.joining());
    return " = " + array.dtype() + Arrays.toString(array.shape()) + values + "\n";
  }
}
