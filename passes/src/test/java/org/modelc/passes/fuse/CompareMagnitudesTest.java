package org.modelc.passes.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.passes.Lower;
import org.modelc.passes.Target;
import org.modelc.runtime.spec.DType;

class CompareMagnitudesTest {
  private static KernelProgram compile(String magnitude) {
    String text =
        """
        graph rows(%x: f32[B, 3] input) {
          %0 = abs(%x)
          %1 = max(MAGNITUDE) {axes = [1]}
          return largest = %1
        }
        """;
    KernelProgram lowered = Lower.lower(GraphParser.parse(text.replace("MAGNITUDE", magnitude)));
    return new CompareMagnitudes().run(new Fuse().run(lowered, Target.PLAIN), Target.PLAIN);
  }

  private static DType joined(KernelProgram program) {
    LoopNest nest = (LoopNest) program.kernels().get(program.kernels().size() - 1);
    return nest.reductions().get(0).dtype();
  }

  @Test
  void magnitudesAreComparedAsIntegers() {
    KernelProgram program = compile("%0");
    assertThat(joined(program)).isEqualTo(DType.I32);
    double infinity = Double.POSITIVE_INFINITY;
    double nan = Double.NaN;
    double[] elements = {
      -3, 2, -0.5, 0, -0.0, 1e-45, -infinity, 5, 1, -infinity, nan, 2, -0.0, 0, -0.0
    };
    Array x = Array.f32(new int[] {5, 3}, elements);
    Array largest = KernelInterpreter.run(program, Map.of("x", x), Map.of("B", 5)).get("largest");
    assertThat(largest.data()).containsExactly(3, (float) 1e-45, infinity, nan, 0);
  }

  @Test
  void numbersWithSignsAreNot() {
    assertThat(joined(compile("%x"))).isEqualTo(DType.F32);
  }
}
