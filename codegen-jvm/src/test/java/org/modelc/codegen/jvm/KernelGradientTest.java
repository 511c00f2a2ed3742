package org.modelc.codegen.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/** Gradients of convolutions by their kernels: few results, or many channels. */
class KernelGradientTest {
  @ParameterizedTest
  @CsvSource({"16,28,3", "5,13,7", "12,8,32", "1,9,1", "16,28,1"})
  void fewResultsRunAlongTheInnerDim(int filters, int size, int batch) {
    KernelGradient net = new KernelGradient(filters, 1, size, batch);
    LoopNest nest = net.gradient(net.inputBuffer("input"), true);
    ProgramHarness harness =
        new ProgramHarness(ProgramHarness.program(List.of("B"), List.of(), nest));
    assertThat(harness.emitted.kernels().get(0)).contains("inner products");
    Map<String, Object> arrays = Map.of("input", net.input, "cotangent", net.cotangent);
    float[] alone = (float[]) harness.run(Map.of("B", batch), arrays).get("g");
    net.check(alone);
    assertThat(net.byTwo(harness)).isEqualTo(alone);
  }

  @ParameterizedTest
  @CsvSource({"32,16,14,3", "7,9,5,2", "3,20,6,1"})
  void channelsAreLaidOutLastForTheGradient(int filters, int channels, int size, int batch) {
    KernelGradient net = new KernelGradient(filters, channels, size, batch);
    Buffer source = net.inputBuffer("input");
    Buffer temporary = net.inputBuffer("temporary");
    List<Axis> axes = new ArrayList<>();
    for (Dim extent : source.shape()) {
      axes.add(new Axis("i" + axes.size(), extent));
    }
    List<Expr> index = axes.stream().<Expr>map(Axis::variable).toList();
    LoopNest copy =
        new LoopNest(
            "copy",
            axes,
            List.of(),
            List.of(),
            List.of(new LoopNest.Store(temporary, index, new Expr.Load(source, index))),
            List.of());
    LoopNest gradient = net.gradient(temporary, false);
    ProgramHarness harness =
        new ProgramHarness(
            ProgramHarness.program(List.of("B"), List.of(temporary), copy, gradient));
    String schedule = harness.emitted.kernels().get(1);
    assertThat(schedule).contains("columns[r<3, s<3, c<" + channels + "]");
    float[] before = Arrays.copyOf(net.input, net.input.length);
    Map<String, Object> arrays = Map.of("input", net.input, "cotangent", net.cotangent);
    net.check((float[]) harness.run(Map.of("B", batch), arrays).get("g"));
    assertThat(net.input).isEqualTo(before);
  }
}
