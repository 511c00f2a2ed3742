package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.toolchain.LlvmToolchain;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Products of bytes against sums in plain Java, packed beforehand and at the call. */
class IntegerProductTest {
  private static final long SEED = 7;

  /** Rows, columns and depth that fill tiles, panels and groups of steps, and that do not. */
  @ParameterizedTest
  @CsvSource({
    "1,2,2",
    "1,300,33",
    "2,33,7",
    "5,31,3",
    "14,32,130",
    "29,70,65",
    "16,97,64",
    "40,64,200",
    "200,257,12",
    "3,5,1030"
  })
  void sumsAreExact(int rows, int columns, int depth) {
    Random random = new Random(SEED);
    double[] a = random.ints((long) rows * depth, -128, 128).asDoubleStream().toArray();
    double[] b = random.ints((long) depth * columns, -128, 128).asDoubleStream().toArray();
    check(rows, columns, depth, a, b);
  }

  /** The largest sums there are, of both signs. */
  @Test
  void extremes() {
    check(4, 33, 100, filled(400, 127), filled(3300, -128));
    check(3, 2, 65_793, filled(3 * 65_793, -128), filled(2 * 65_793, -128));
  }

  private static double[] filled(int size, int value) {
    double[] values = new double[size];
    Arrays.fill(values, value);
    return values;
  }

  private static void check(int rows, int columns, int depth, double[] a, double[] b) {
    double[] sums = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int sum = 0;
        for (int k = 0; k < depth; k++) {
          sum += ((int) a[i * depth + k]) * ((int) b[k * columns + j]);
        }
        sums[i * columns + j] = sum;
      }
    }
    double[] bytes = Arrays.stream(sums).map(IntegerProductTest::requantised).toArray();
    Map<String, double[]> inputs = Map.of("a", a, "b", b);
    for (IsaLevel level : NativeFunction.runnable()) {
      for (boolean packed : List.of(false, true)) {
        // Rows known only at a call find their kernels in a table.
        boolean dynamic = packed == (rows % 2 == 0);
        CompiledNests nests = compiled(level, rows, columns, depth, packed, dynamic);
        Map<String, Integer> dims = dynamic ? Map.of("B", rows) : Map.of();
        for (int workers = 1; workers <= 3; workers++) {
          Map<String, double[]> found = nests.run(workers, dims, inputs);
          String what =
              "%s packed %s dynamic %s %d workers, seed %d"
                  .formatted(level, packed, dynamic, workers, SEED);
          assertThat(found.get("sums")).as(what).isEqualTo(sums);
          assertThat(found.get("bytes")).as(what).isEqualTo(bytes);
        }
      }
    }
  }

  private static double requantised(double sum) {
    float scaled = (float) sum;
    return (int) Math.max(-128, Math.min(127, Math.rint(scaled * 0.001f)));
  }

  private static CompiledNests compiled(
      IsaLevel level, int rows, int columns, int depth, boolean packed, boolean dynamic) {
    TargetDescription target = NativePlatform.host().target(level);
    List<String> dims = dynamic ? List.of("B") : List.of();
    LoopNest nest = nest(dynamic ? Dim.symbol("B") : Dim.constant(rows), columns, depth);
    return new CompiledNests(level, dims, kernels(nest, dims, target, packed));
  }

  private static Kernel[] kernels(
      LoopNest nest, List<String> dims, TargetDescription target, boolean packed) {
    if (!packed) {
      return new Kernel[] {nest};
    }
    PackedWeights.Split split = PackedWeights.of(program(nest, dims), target);
    List<Kernel> kernels = new ArrayList<>(split.packing());
    kernels.addAll(split.main().kernels());
    return kernels.toArray(Kernel[]::new);
  }

  private static KernelProgram program(LoopNest nest, List<String> dims) {
    List<Parameter> parameters = new ArrayList<>();
    for (Buffer read : nest.reads()) {
      boolean weight = read.name().equals("b");
      parameters.add(new Parameter(read, weight ? Role.PARAMETER : Role.INPUT, null));
    }
    nest.writes().forEach(written -> parameters.add(new Parameter(written, Role.OUTPUT, null)));
    return new KernelProgram(
        "p", dims, List.of(), parameters, List.of(), Map.of(), Map.of(), List.of(nest), null);
  }

  /** The sums as they are, and quantised again. */
  private static LoopNest nest(Dim rows, int columns, int depth) {
    Axis i = new Axis("i", rows);
    Axis j = new Axis("j", Dim.constant(columns));
    Axis k = new Axis("k", Dim.constant(depth));
    Buffer a = new Buffer("a", DType.I8, List.of(i.extent(), k.extent()));
    Buffer b = new Buffer("b", DType.I8, List.of(k.extent(), j.extent()));
    Buffer sums = new Buffer("sums", DType.I32, List.of(i.extent(), j.extent()));
    Buffer bytes = new Buffer("bytes", DType.I8, List.of(i.extent(), j.extent()));
    Expr left = Expr.cast(DType.I32, new Expr.Load(a, List.of(i.variable(), k.variable())));
    Expr right = Expr.cast(DType.I32, new Expr.Load(b, List.of(k.variable(), j.variable())));
    Expr sum = LoopNest.reduced(0, DType.I32);
    Expr scaled = Expr.cast(DType.F32, sum).times(Expr.constant(DType.F32, 0.001f));
    Expr rounded = Expr.apply(ScalarOp.ROUND, scaled);
    Expr above = Expr.apply(ScalarOp.MINIMUM, rounded, Expr.constant(DType.F32, 127));
    Expr held = Expr.apply(ScalarOp.MAXIMUM, above, Expr.constant(DType.F32, -128));
    Expr byteValue = Expr.cast(DType.I8, Expr.cast(DType.I32, held));
    List<Expr> index = List.of(i.variable(), j.variable());
    return new LoopNest(
        "product",
        List.of(i, j),
        List.of(k),
        List.of(new LoopNest.Reduction(Combiner.SUM, Expr.integer(0), left.times(right))),
        List.of(new LoopNest.Store(sums, index, sum), new LoopNest.Store(bytes, index, byteValue)),
        List.of());
  }

  /** Each level's instruction, and none that saturates, is what LLVM makes of the kernels. */
  @Test
  void instructions() {
    Map<IsaLevel, String> expected = new HashMap<>();
    expected.put(IsaLevel.X86_64_V2, "\tpmaddwd\t");
    expected.put(IsaLevel.X86_64_V3, "\tvpmaddwd\t");
    expected.put(IsaLevel.X86_64_V4, "\tvpmaddwd\t");
    expected.put(IsaLevel.X86_64_V4_VNNI, "\tvpdpbusd\t");
    expected.put(IsaLevel.X86_64_V4_AMX, "\ttdpbssd\t");
    expected.put(IsaLevel.NEON, "\tsadalp\t");
    assertThat(expected).containsOnlyKeys(IsaLevel.values());
    expected.forEach(
        (level, instruction) -> {
          String assembly = assembly(level);
          assertThat(assembly).as("%s", level).contains(instruction);
          assertThat(assembly).doesNotContain("pmaddubsw").doesNotContain("vpdpbusds");
        });
    assertThat(assembly(IsaLevel.NEON)).contains("\tsmull");
    assertThat(assembly(IsaLevel.X86_64_V4_VNNI)).contains("%zmm");
  }

  private static String assembly(IsaLevel level) {
    NativePlatform platform =
        level == IsaLevel.NEON ? NativePlatform.LINUX_AARCH64 : NativePlatform.LINUX_X86_64;
    TargetDescription target = platform.target(level);
    KernelProgram whole = program(nest(Dim.constant(28), 64, 64), List.of());
    KernelProgram main = PackedWeights.of(whole, target).main();
    return new LlvmToolchain().assembly(new LlvmBackend().emit(main, "p", target).llvm(), target);
  }
}
