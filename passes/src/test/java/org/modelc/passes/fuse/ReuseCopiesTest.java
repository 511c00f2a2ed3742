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

class ReuseCopiesTest {
  private static final String ATTRIBUTES =
      "{strides = [1], padding_low = [1], padding_high = [1], input_dilation = [1],"
          + " kernel_dilation = [1], groups = 1}";

  /** Two convolutions, the second one of the picture with its dims in another order. */
  private static KernelProgram lowered(String type, String order) {
    return Lower.lower(
        GraphParser.parse(
            """
            graph step(%x: TYPE input, %w: f32[1, 2, 3] input) {
              %y = convolution(%x, %w) ATTRIBUTES
              %t = transpose(%x) {permutation = ORDER}
              %z = convolution(%t, %w) ATTRIBUTES
              return result = %y
              return other = %z
            }
            """
                .replace("TYPE", type)
                .replace("ATTRIBUTES", ATTRIBUTES)
                .replace("ORDER", order)));
  }

  private static List<String> temporaries(KernelProgram program) {
    return program.temporaries().stream().map(Buffer::name).toList();
  }

  private static double[] other(KernelProgram program) {
    Map<String, Array> inputs =
        Map.of(
            "x", Array.f32(new int[] {2, 2, 3}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
            "w", Array.f32(new int[] {1, 2, 3}, 0, 1, 0, 0, 0, 10));
    return KernelInterpreter.run(program, inputs, Map.of()).get("other").data();
  }

  @Test
  void padsOnceForTwoOrdersOfDims() {
    KernelProgram lowered = lowered("f32[2, 2, 3]", "[1, 0, 2]");
    KernelProgram fused = new Fuse().run(lowered, Target.PLAIN);
    assertThat(temporaries(fused)).hasSize(1);
    // By hand: batch and channels change places; w takes an element and ten times its neighbour.
    assertThat(other(fused)).containsExactly(1 + 80, 2 + 90, 3, 4 + 110, 5 + 120, 6);
    assertThat(other(lowered)).containsExactly(other(fused));
  }

  @Test
  void copiesWhereNeighboursWouldNotStayNeighbours() {
    KernelProgram fused = new Fuse().run(lowered("f32[2, 2, 2]", "[0, 2, 1]"), Target.PLAIN);
    assertThat(temporaries(fused)).hasSize(2);
  }
}
