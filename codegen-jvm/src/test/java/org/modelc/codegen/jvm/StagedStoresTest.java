package org.modelc.codegen.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.jvm.ProgramHarness.dim;
import static org.modelc.codegen.jvm.ProgramHarness.f32;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;

/** A momentum step: the weight is computed from the velocity that is stored beside it. */
class StagedStoresTest {
  private static float[] random(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** {@code v2 = 0.9 v + g; w2 = w - 0.1 v2}; with {@code again} also minus the old velocity. */
  private static ProgramHarness step(int size, boolean again) {
    Axis axis = new Axis("i", dim(size));
    List<Expr> at = List.of(axis.variable());
    Buffer g = f32("g", dim(size));
    Buffer v = f32("v", dim(size));
    Buffer w = f32("w", dim(size));
    Expr old = new Expr.Load(v, at);
    Expr velocity = old.times(new Expr.Const(DType.F32, 0.9f)).plus(new Expr.Load(g, at));
    Expr weight = new Expr.Load(w, at).minus(velocity.times(new Expr.Const(DType.F32, 0.1f)));
    LoopNest nest =
        new LoopNest(
            "step",
            List.of(axis),
            List.of(),
            List.of(),
            List.of(
                new LoopNest.Store(f32("w2", dim(size)), at, again ? weight.minus(old) : weight),
                new LoopNest.Store(f32("v2", dim(size)), at, velocity)),
            List.of());
    return new ProgramHarness(ProgramHarness.program(List.of(), List.of(), nest));
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 2047, 2048, 3000, 5 * 1024, 5 * 1024 + 1})
  void inPlaceOrNot(int size) {
    ProgramHarness harness = step(size, false);
    assertThat(harness.emitted.kernels().get(0).contains("stages")).isEqualTo(size >= 2048);
    for (boolean inPlace : new boolean[] {false, true}) {
      Map<String, Object> arrays = new HashMap<>();
      float[] g = random(size, 1);
      arrays.put("g", g);
      arrays.put("v", random(size, 2));
      arrays.put("w", random(size, 3));
      if (inPlace) {
        arrays.put("v2", arrays.get("v"));
        arrays.put("w2", arrays.get("w"));
      }
      Map<String, Object> results = harness.run(Map.of(), arrays);
      float[] velocity = random(size, 2);
      float[] weight = random(size, 3);
      for (int i = 0; i < size; i++) {
        velocity[i] = velocity[i] * 0.9f + g[i];
        weight[i] = weight[i] - velocity[i] * 0.1f;
      }
      assertThat((float[]) results.get("v2")).isEqualTo(velocity);
      assertThat((float[]) results.get("w2")).isEqualTo(weight);
    }
  }

  /** Stages may read what earlier ones read only if that still stands; apart, it does. */
  @ParameterizedTest
  @ValueSource(ints = {4096})
  void anOldValueIsReadFromItsOwnArray(int size) {
    ProgramHarness harness = step(size, true);
    float[] g = random(size, 1);
    float[] v = random(size, 2);
    float[] w = random(size, 3);
    Map<String, Object> results = harness.run(Map.of(), Map.of("g", g, "v", v, "w", w));
    float[] weight = new float[size];
    for (int i = 0; i < size; i++) {
      weight[i] = w[i] - (v[i] * 0.9f + g[i]) * 0.1f - v[i];
    }
    assertThat((float[]) results.get("w2")).isEqualTo(weight);
  }
}
