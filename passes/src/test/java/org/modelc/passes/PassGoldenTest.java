package org.modelc.passes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.GraphVerifier;
import org.modelc.ir.graph.Value;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.simplify.Simplify;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.testkit.GoldenRunner;

/** Passes from text to text; {@code -Dbless=true} accepts what they print. */
class PassGoldenTest {
  private static final Map<String, GraphPass> PASSES =
      Map.of(
          "expand-composites", new ExpandComposites(),
          "constant-fold", new ConstantFold(),
          "simplify", new Simplify(),
          "cse", new Cse(),
          "dce", new Dce(),
          "fold-batch-norm", new FoldBatchNorm(),
          "integer-products", new IntegerProducts(),
          "placed-pools", new PlacedPools());

  @TestFactory
  List<DynamicTest> goldens() {
    GoldenRunner runner =
        new GoldenRunner(
            Map.of("pass", PassGoldenTest::pass, "kernels", PassGoldenTest::kernels),
            Map.of(
                "kernels", (graph, inputs) -> CompiledRun.run(graph, inputs, Pipeline.TRAINING)));
    return runner.tests(Path.of("src/test/golden"));
  }

  /** The graph after passes, named one after another. */
  private static String pass(String input, String passes) {
    Graph graph = GraphVerifier.verify(GraphParser.parse(input));
    for (String name : passes.split(" ")) {
      graph =
          name.equals("autodiff") ? gradients(graph) : PASSES.get(name).run(graph, Target.PLAIN);
      GraphVerifier.verify(graph);
    }
    return graph.toString();
  }

  /** The graph with the gradients of its one output by its parameters. */
  private static Graph gradients(Graph graph) {
    GraphBuilder builder = new GraphBuilder(graph.name());
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    List<Value> parameters = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      Value value = rewriter.input(input);
      if (input.role() == Role.PARAMETER) {
        parameters.add(value);
      }
    }
    graph.nodes().forEach(rewriter::node);
    Value loss = rewriter.value(graph.outputs().get(0).value());
    Map<Value, Value> gradients = Autodiff.gradients(builder, loss, parameters);
    for (Value parameter : parameters) {
      builder.output(parameter.hint() + ".gradient", gradients.get(parameter));
    }
    return builder.build();
  }

  private static String kernels(String input, String pipeline) {
    Graph graph = GraphParser.parse(input);
    Pipeline passes = pipeline.equals("inference") ? Pipeline.INFERENCE : Pipeline.TRAINING;
    StringBuilder text = new StringBuilder();
    for (KernelProgram program : passes.compile(graph, Target.PLAIN, PassManager.Listener.NONE)) {
      text.append(program);
    }
    return text.toString();
  }
}
