package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.kernel.KernelProgram;

/**
 * What follows a product channel by channel goes into its weight, which the prepare program makes.
 */
class FoldBatchNormTest {
  private static List<KernelProgram> compile(Graph graph) {
    return Pipeline.INFERENCE.compile(graph, Target.PLAIN, PassManager.Listener.NONE);
  }

  /** Convolution, bias, norm, relu: one kernel after the padding, with one load of a shift. */
  @Test
  void aNormLeavesAConvolutionWithOneShift() {
    List<KernelProgram> programs = compile(SampleNets.cnn(8, 2, 3, false));
    assertThat(programs).hasSize(2);
    assertThat(programs.get(0).name()).isEqualTo("predict.prepare");
    String main = programs.get(1).toString();
    assertThat(main).doesNotContain("norm_1.scale").doesNotContain("sqrt");
    assertThat(main).contains("max((r0 + predict.prepared");
  }

  /** A factor along the inner dim of the product cannot go into the weight's columns. */
  @Test
  void aFactorOnAnotherAxisStays() {
    Graph graph =
        GraphParser.parse(
            """
            graph predict(%x: f32[B, 3] input, %w: f32[3, 2] parameter, %s: f32[4, 1] parameter) {
              %0 = matmul(%x, %w)
              %1 = reshape(%0) {shape = [B, 1, 2]}
              %2 = broadcast(%1) {shape = [B, 4, 2]}
              %3 = broadcast(%s) {shape = [B, 4, 2]}
              %4 = multiply(%2, %3)
              return y = %4
            }
            """);
    assertThat(new FoldBatchNorm().run(graph, Target.PLAIN)).isSameAs(graph);
  }

  @Test
  void aLoneBiasStays() {
    Graph graph =
        GraphParser.parse(
            """
            graph predict(%x: f32[B, 3] input, %w: f32[3, 2] parameter, %b: f32[2] parameter) {
              %0 = matmul(%x, %w)
              %1 = broadcast(%b) {shape = [B, 2]}
              %2 = add(%0, %1)
              return y = %2
            }
            """);
    assertThat(new FoldBatchNorm().run(graph, Target.PLAIN)).isSameAs(graph);
    assertThat(compile(graph)).hasSize(1);
  }

  /** A value that something else reads is not folded away. */
  @Test
  void aProductReadTwiceStays() {
    Graph graph =
        GraphParser.parse(
            """
            graph predict(%x: f32[B, 3] input, %w: f32[3, 2] parameter, %b: f32[2] parameter) {
              %0 = matmul(%x, %w)
              %1 = broadcast(%b) {shape = [B, 2]}
              %2 = multiply(%0, %1)
              return y = %2
              return z = %0
            }
            """);
    assertThat(new FoldBatchNorm().run(graph, Target.PLAIN)).isSameAs(graph);
  }
}
