package org.modelc.passes.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.Lower;
import org.modelc.passes.Target;

class InlineProducersTest {
  /**
   * The gradient of a relu, summed for a bias and turned round for a product, as a dense layer's
   * training has it. The product reads the gradient where it lies: nothing is written transposed.
   */
  @Test
  void gradientOfReluIsNotWrittenTransposed() {
    KernelProgram lowered =
        Lower.lower(
            GraphParser.parse(
                """
                graph step(%a: f32[4, 3] input, %g: f32[4, 3] input, %w: f32[4, 2] input) {
                  %zero = constant() {dtype = f32, shape = [], data = [0]}
                  %none = broadcast(%zero) {shape = [4, 3]}
                  %on = greater(%a, %none)
                  %s = select(%on, %g, %none)
                  %bias = sum(%s) {axes = [0]}
                  %t = transpose(%s) {permutation = [1, 0]}
                  %weight = matmul(%t, %w)
                  return bias = %bias
                  return weight = %weight
                }
                """));
    KernelProgram fused = new Fuse().run(lowered, Target.PLAIN);
    List<String> temporaries = fused.temporaries().stream().map(Buffer::name).toList();
    assertThat(temporaries).doesNotContain("t.transpose").hasSizeLessThanOrEqualTo(1);
    Map<String, Array> inputs =
        Map.of(
            "a", Array.f32(new int[] {4, 3}, 1, -1, 0, 2, 3, -4, -1, 1, 1, 0.5, -0.5, 2),
            "g", Array.f32(new int[] {4, 3}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
            "w", Array.f32(new int[] {4, 2}, 1, 0, 0, 1, 1, 1, 2, -1));
    Map<String, Array> results = KernelInterpreter.run(fused, inputs, Map.of());
    // The gradient is [1 0 0; 4 5 0; 0 8 9; 10 0 12].
    assertThat(results.get("bias").data()).containsExactly(15, 13, 21);
    assertThat(results.get("weight").data()).containsExactly(21, -6, 8, 13, 33, -3);
  }
}
