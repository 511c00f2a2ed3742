package org.modelc.codegen.llvm.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.gemm.CompiledNests;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.ops.ScaledDotProductAttention;
import org.modelc.ir.ops.ScaledDotProductAttention.Attributes;
import org.modelc.ir.ops.ScaledDotProductAttentionGradient;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Attention and its gradient against their expansions, on every instruction set of the host. */
class AttentionTest {
  private static final long SEED = 20261122;

  /** Batch, queries, keys, heads, size, size of values, causal, mask: none, whole or for keys. */
  @ParameterizedTest
  @CsvSource({
    "1,1,1,1,1,1,false,none",
    "2,7,13,3,5,7,false,none",
    "2,13,13,2,32,32,true,none",
    "1,65,65,1,8,8,true,none",
    "1,3,207,2,16,33,true,none",
    "1,70,300,1,16,16,false,none",
    "1,9,4,1,3,2,true,none",
    "1,70,40,2,5,7,true,none",
    "2,50,61,1,40,20,true,none",
    "2,5,9,2,4,6,false,whole",
    "2,66,131,1,4,6,true,keys"
  })
  void agreesWithItsExpansion(
      int batch,
      int queries,
      int keys,
      int heads,
      int size,
      int values,
      boolean causal,
      String mask)
      throws Exception {
    System.out.println("seed " + SEED);
    Case shape = new Case(DType.F32, batch, queries, keys, heads, size, values, causal, mask);
    shape.check(new ScaledDotProductAttention(), false);
    shape.check(new ScaledDotProductAttentionGradient(), true);
  }

  private record Case(
      DType dtype,
      int batch,
      int queries,
      int keys,
      int heads,
      int size,
      int values,
      boolean causal,
      String mask) {
    /** On every level, with dims that are known and dims that are not. */
    void check(CompositeOp<?> op, boolean gradient) {
      Map<String, double[]> inputs = inputs(gradient);
      Map<String, Array> expected = null;
      for (IsaLevel level : NativeFunction.runnable()) {
        boolean known = level.ordinal() % 2 == 0;
        CompiledNests compiled =
            new CompiledNests(
                level, known ? List.of() : List.of("B", "S", "T"), kernel(op, gradient, known));
        Map<String, Integer> dims = known ? Map.of() : Map.of("B", batch, "T", queries, "S", keys);
        if (expected == null) {
          expected = compiled.interpreted(dims, inputs);
        }
        check(level, compiled.run(1, dims, inputs), compiled.run(2, dims, inputs), expected);
      }
    }

    private void check(
        IsaLevel level,
        Map<String, double[]> alone,
        Map<String, double[]> shared,
        Map<String, Array> expected) {
      double tolerance = (dtype == DType.F32 ? 2e-6 : 1e-14) * Math.sqrt((double) size + keys) * 4;
      expected.forEach(
          (name, array) -> {
            assertThat(alone.get(name))
                .as(this + " " + level + " " + name)
                .containsExactly(array.data(), within(tolerance));
            assertThat(shared.get(name)).isEqualTo(alone.get(name));
          });
    }

    private OpKernel kernel(CompositeOp<?> op, boolean gradient, boolean known) {
      Dim b = known ? Dim.constant(batch) : Dim.symbol("B");
      Dim t = known ? Dim.constant(queries) : Dim.symbol("T");
      Dim s = known ? Dim.constant(keys) : Dim.symbol("S");
      Buffer q = buffer("q", b, t, heads * size);
      Buffer k = buffer("k", b, s, heads * size);
      Buffer v = buffer("v", b, s, heads * values);
      List<Buffer> operands = new ArrayList<>(List.of(q, k, v));
      List<Buffer> results = new ArrayList<>();
      if (gradient) {
        operands.add(buffer("cotangent", b, t, heads * values));
        operands.subList(0, 3).forEach(x -> results.add(new Buffer("d" + x, dtype, x.shape())));
      } else {
        results.add(buffer("result", b, t, heads * values));
      }
      if (!mask.equals("none")) {
        Dim rows = mask.equals("keys") ? Dim.ONE : t;
        operands.add(new Buffer("mask", DType.BOOL, List.of(b, rows, s)));
      }
      return new OpKernel(
          "attention", op, new Attributes(heads, causal, 0), operands, results, List.of());
    }

    private Buffer buffer(String name, Dim batches, Dim rows, int features) {
      return new Buffer(name, dtype, List.of(batches, rows, Dim.constant(features)));
    }

    private Map<String, double[]> inputs(boolean gradient) {
      Random random = new Random(SEED);
      Map<String, double[]> inputs = new HashMap<>();
      inputs.put("q", numbers(random, batch * queries * heads * size));
      inputs.put("k", numbers(random, batch * keys * heads * size));
      inputs.put("v", numbers(random, batch * keys * heads * values));
      if (gradient) {
        inputs.put("cotangent", numbers(random, batch * queries * heads * values));
      }
      if (!mask.equals("none")) {
        int rows = mask.equals("keys") ? 1 : queries;
        double[] seen = new double[batch * rows * keys];
        for (int i = 0; i < seen.length; i++) {
          seen[i] = random.nextInt(3) == 0 ? 0 : 1;
        }
        inputs.put("mask", seen);
      }
      return inputs;
    }

    private static double[] numbers(Random random, int count) {
      double[] numbers = new double[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) random.nextGaussian();
      }
      return numbers;
    }
  }
}
