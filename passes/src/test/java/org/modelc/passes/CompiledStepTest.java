package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.kernel.KernelProgram;

/** Compiled programs give what their graphs mean, and are fused as far as they should be. */
class CompiledStepTest {
  private static KernelProgram last(List<KernelProgram> programs) {
    return programs.get(programs.size() - 1);
  }

  private static void agree(Graph graph, Map<String, Integer> dims, Pipeline pipeline) {
    Map<String, Array> inputs = Agreement.inputs(graph, dims, 1);
    Map<String, Array> expected = GraphInterpreter.run(graph, inputs, Precision.EXACT);
    Agreement.assertClose(CompiledRun.run(graph, inputs, pipeline), expected);
  }

  @Test
  void classifierWithTwoHiddenLayers() {
    Graph step = SampleNets.step(SampleNets.mlp(5, 4, 3, 2), SampleNets.minimize("adam", Map.of()));
    agree(step, Map.of("B", 3), Pipeline.TRAINING);
  }

  @Test
  void convolutionalNetThatTrains() {
    Graph step =
        SampleNets.step(SampleNets.cnn(4, 2, 3, true), SampleNets.minimize("sgd", Map.of()));
    agree(step, Map.of("B", 2), Pipeline.TRAINING);
  }

  @Test
  void convolutionalNetThatPredicts() {
    agree(SampleNets.cnn(4, 2, 3, false), Map.of("B", 2), Pipeline.INFERENCE);
  }

  /** Every update lies in place, and kernels are few: what a change adds should be looked at. */
  @Test
  void kernelCounts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Graph mlp =
        SampleNets.step(SampleNets.mlp(784, 512, 256, 10), SampleNets.minimize("adam", Map.of()));
    KernelProgram classifier = compile(mlp, Pipeline.TRAINING);
    counts.put("classifier step", classifier.kernels().size());
    assertThat(classifier.plan().inPlace()).hasSize(18);
    Graph cnn =
        SampleNets.step(SampleNets.cnn(28, 16, 10, true), SampleNets.minimize("adam", Map.of()));
    KernelProgram convolutional = compile(cnn, Pipeline.TRAINING);
    counts.put("convolutional step", convolutional.kernels().size());
    assertThat(convolutional.plan().inPlace()).hasSize(34);
    counts.put(
        "convolutional predict",
        compile(SampleNets.cnn(28, 16, 10, false), Pipeline.INFERENCE).kernels().size());
    assertThat(counts)
        .isEqualTo(
            Map.of("classifier step", 32, "convolutional step", 58, "convolutional predict", 7));
  }

  /** Nodes, then kernels, after each pass that changed something: the compiler's own budget. */
  @Test
  void sizesAfterEachPass() {
    Graph mlp =
        SampleNets.step(SampleNets.mlp(784, 512, 256, 10), SampleNets.minimize("adam", Map.of()));
    Graph cnn =
        SampleNets.step(SampleNets.cnn(28, 16, 10, true), SampleNets.minimize("adam", Map.of()));
    assertThat(sizes(mlp, Pipeline.TRAINING))
        .isEqualTo(
            "120 expand-composites 255 simplify 255 dce 236 lower 231 fuse 30 "
                + "split-reductions 32 plan-memory 32");
    assertThat(sizes(cnn, Pipeline.TRAINING))
        .isEqualTo(
            "307 expand-composites 493 simplify 491 placed-pools 491 dce 447 lower 421 "
                + "fuse 58 plan-memory 58");
    assertThat(sizes(SampleNets.cnn(28, 16, 10, false), Pipeline.INFERENCE))
        .isEqualTo(
            "43 simplify 43 fold-batch-norm 69 simplify 61 dce 36 hoist-preparation "
                + "16 lower 18 fuse 4 plan-memory 4 lower 15 fuse 7 plan-memory 7");
  }

  private static String sizes(Graph graph, Pipeline pipeline) {
    StringBuilder text = new StringBuilder().append(graph.nodes().size());
    pipeline.compile(
        graph,
        Target.PLAIN,
        report -> {
          if (!report.isUnchanged()) {
            text.append(' ').append(report.pass()).append(' ').append(report.sizeAfter());
          }
        });
    return text.toString();
  }

  private static KernelProgram compile(Graph graph, Pipeline pipeline) {
    return last(pipeline.compile(graph, Target.PLAIN, PassManager.Listener.NONE));
  }

  /** Compiling twice gives the same text: nothing depends on hashes of objects. */
  @Test
  void compilingIsDeterministic() {
    Graph cnn =
        SampleNets.step(SampleNets.cnn(8, 2, 3, true), SampleNets.minimize("adam", Map.of()));
    assertThat(compile(cnn, Pipeline.TRAINING).toString())
        .isEqualTo(compile(cnn, Pipeline.TRAINING).toString());
  }
}
