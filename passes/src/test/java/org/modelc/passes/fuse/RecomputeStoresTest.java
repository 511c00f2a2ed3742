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

class RecomputeStoresTest {
  /** As a backward pass reads what a forward pass left: a function of {@code z}, and more. */
  private static KernelProgram lowered(String last) {
    return Lower.lower(
        GraphParser.parse(
            """
            graph step(%x: f32[2, 3] input, %w: f32[3, 2] input, %v: f32[2, 2] input) {
              %z = matmul(%x, %w)
              %e = erf(%z)
              %y = multiply(%z, %e)
              %s = matmul(%y, %v)
              %d = multiply(%s, %e)
              LAST
              return result = %q
            }
            """
                .replace("LAST", last)));
  }

  private static List<String> temporaries(KernelProgram program) {
    return program.temporaries().stream().map(Buffer::name).toList();
  }

  private static double[] result(KernelProgram program) {
    Map<String, Array> inputs =
        Map.of(
            "x", Array.f32(new int[] {2, 3}, 1, -2, 0.5, 0, 1, -1),
            "w", Array.f32(new int[] {3, 2}, 0.25, 1, -1, 0.5, 2, 0),
            "v", Array.f32(new int[] {2, 2}, 1, 2, 3, -4));
    return KernelInterpreter.run(program, inputs, Map.of()).get("result").data();
  }

  @Test
  void followsFromWhatItsReadersHave() {
    KernelProgram lowered = lowered("%q = add(%d, %z)");
    KernelProgram fused = new Fuse().run(lowered, Target.PLAIN);
    assertThat(temporaries(fused)).containsExactlyInAnyOrder("z.matmul", "y.multiply");
    assertThat(result(fused)).containsExactly(result(lowered));
  }

  /**
   * To read {@code z} in place of its function would save nothing, so both memory and time say no.
   */
  @Test
  void isStoredForReadersWithoutTheSource() {
    KernelProgram lowered = lowered("%q = abs(%d)");
    KernelProgram fused = new Fuse().run(lowered, Target.PLAIN);
    assertThat(temporaries(fused)).containsExactlyInAnyOrder("e.erf", "y.multiply");
    assertThat(result(fused)).containsExactly(result(lowered));
  }
}
