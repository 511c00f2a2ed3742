package org.modelc.codegen.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.jvm.ProgramHarness.dim;
import static org.modelc.codegen.jvm.ProgramHarness.f32;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

class SmallReductionTest {
  private static LoopNest sum(Dim... inner) {
    Axis i = new Axis("i", dim(4));
    Axis j = new Axis("j", inner[0]);
    Axis k = new Axis("k", inner[1]);
    Buffer from = f32("from", dim(4), inner[0], inner[1]);
    Buffer to = f32("to", dim(4));
    Expr body = new Expr.Load(from, List.of(i.variable(), j.variable(), k.variable()));
    LoopNest.Reduction reduction =
        new LoopNest.Reduction(Combiner.SUM, new Expr.Const(DType.F32, 0), body);
    LoopNest.Store store =
        new LoopNest.Store(to, List.of(i.variable()), LoopNest.reduced(0, DType.F32));
    return new LoopNest(
        "sum", List.of(i), List.of(j, k), List.of(reduction), List.of(store), List.of());
  }

  @Test
  void takesWindowsOfFewElements() {
    assertThat(SmallReduction.fits(sum(dim(2), dim(2)))).isTrue();
    assertThat(SmallReduction.fits(sum(dim(16), dim(16)))).isFalse();
  }

  @Test
  void leavesAxesThatOnlyACallKnowsEvenBesideAnEmptyOne() {
    assertThat(SmallReduction.fits(sum(Dim.symbol("B"), dim(2)))).isFalse();
    assertThat(SmallReduction.fits(sum(Dim.symbol("B"), dim(0)))).isFalse();
  }
}
