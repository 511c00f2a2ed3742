package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.toolchain.LlvmToolchain;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Floats and bytes with weights of eight bits and of four, two to a byte, against sums in plain
 * Java.
 */
class StoredWeightTest {
  private static final long SEED = 7;

  /** A product's factors, and what they give, in f64. */
  private static final class Case {
    final int rows;
    final int columns;
    final int depth;
    final int bits;
    final double[] a;
    final double[] stored;
    UnaryOperator<Expr> left = given -> given;
    boolean dynamic;
    boolean bytes;

    Case(int rows, int columns, int depth, int bits, double[] a) {
      this.rows = rows;
      this.columns = columns;
      this.depth = depth;
      this.bits = bits;
      this.a = a;
      long bytes = (bits == 4 ? (depth + 1L) / 2 : depth) * columns;
      this.stored = new Random(SEED).ints(bytes, -128, 128).asDoubleStream().toArray();
    }

    int weight(int step, int column) {
      int whole = (int) stored[(bits == 4 ? step / 2 : step) * columns + column];
      return bits == 8 ? whole : step % 2 == 0 ? whole << 28 >> 28 : whole >> 4;
    }

    double[] sums() {
      double[] sums = new double[rows * columns];
      for (int at = 0; at < sums.length; at++) {
        for (int step = 0; step < depth; step++) {
          sums[at] += a[at / columns * depth + step] * weight(step, at % columns);
        }
      }
      return sums;
    }

    /** The sums that one worker finds, as three do. */
    double[] run(IsaLevel level) {
      TargetDescription target = NativePlatform.host().target(level);
      Dim count = dynamic ? Dim.symbol("B") : Dim.constant(rows);
      KernelProgram program =
          bytes
              ? StoredWeightPrograms.ofBytes(count, columns, depth, bits, left)
              : StoredWeightPrograms.of(count, columns, depth, bits, left);
      PackedWeights.Split split = PackedWeights.of(program, target);
      assertThat(split.main().kernels()).hasSize(1);
      List<Kernel> kernels = new ArrayList<>(split.packing());
      kernels.addAll(split.main().kernels());
      List<String> dims = dynamic ? List.of("B") : List.of();
      CompiledNests nests = new CompiledNests(level, dims, kernels.toArray(Kernel[]::new));
      Map<String, Integer> sizes = dynamic ? Map.of("B", rows) : Map.of();
      Map<String, double[]> factors = Map.of("a", a, "b", stored);
      return nests.run(sizes, factors).get("sums");
    }
  }

  private static double[] integers(int count, int below) {
    return new Random(SEED).ints(count, -below, below).asDoubleStream().toArray();
  }

  private static double[] floats(int count) {
    return new Random(SEED).doubles(count, -1, 1).map(x -> (float) x).toArray();
  }

  /** Sums of integers that a float holds are exact, however they are added up. */
  @ParameterizedTest
  @CsvSource({
    "1,70,9,8,1000",
    "1,300,131,8,1000",
    "20,33,64,8,1000",
    "3,5,16,8,1000",
    "1,2,1,8,1000",
    "1,70,9,4,1000",
    "1,300,130,4,1000",
    "20,33,64,4,1000",
    "2,40,21,4,1000",
    "1,70,9,8,32768",
    "5,70,9,4,32768"
  })
  void sumsOfIntegersAreExact(int rows, int columns, int depth, int bits, int below) {
    Case product = new Case(rows, columns, depth, bits, integers(rows * depth, below));
    product.dynamic = rows > 1;
    for (IsaLevel level : NativeFunction.runnable()) {
      assertThat(product.run(level)).as("%s, seed %d", level, SEED).isEqualTo(product.sums());
    }
  }

  /** Bytes, the least and the greatest among them, as they lie and computed on the way. */
  @ParameterizedTest
  @CsvSource({
    "1,70,9,4",
    "2,300,131,4",
    "7,33,64,4",
    "20,70,200,4",
    "3,5,16,4",
    "1,2,1,4",
    "6,40,1030,4",
    "4,3,65793,4",
    "2,40,21,8"
  })
  void sumsOfBytesAreExact(int rows, int columns, int depth, int bits) {
    double[] a = integers(rows * depth, 128);
    Arrays.fill(a, 0, depth, -128);
    Case product = new Case(rows, columns, depth, bits, a);
    product.bytes = true;
    product.dynamic = rows % 2 == 0;
    for (IsaLevel level : NativeFunction.runnable()) {
      product.left = given -> given;
      assertThat(product.run(level)).as("%s, seed %d", level, SEED).isEqualTo(product.sums());
      product.left = StoredWeightTest::absolute;
      double[] found = product.run(level);
      Case positive = new Case(rows, columns, depth, bits, a.clone());
      Arrays.setAll(positive.a, at -> Math.min(127, Math.abs(a[at])));
      assertThat(found).as("%s computed, seed %d", level, SEED).isEqualTo(positive.sums());
    }
  }

  private static Expr absolute(Expr given) {
    Expr wide = Expr.cast(DType.I32, given);
    Expr size = Expr.apply(ScalarOp.MAXIMUM, wide, Expr.integer(0).minus(wide));
    return Expr.cast(DType.I8, Expr.apply(ScalarOp.MINIMUM, size, Expr.integer(127)));
  }

  /**
   * Beside an element that is larger by far, others keep what 2⁻²³ of it leaves them, with weights
   * of four bits 2⁻¹⁹.
   */
  @ParameterizedTest
  @CsvSource({"1,8", "7,8", "1,4", "7,4"})
  void rowsWithOneLargeElement(int rows, int bits) {
    int depth = 333;
    double[] a = floats(rows * depth);
    a[rows * depth / 2] = 4096.7f;
    Case product = new Case(rows, 65, depth, bits, a);
    double[] sums = product.sums();
    for (IsaLevel level : NativeFunction.runnable()) {
      double[] found = product.run(level);
      for (int at = 0; at < sums.length; at++) {
        double largest = 0;
        double weights = 0;
        double sizes = 0;
        for (int step = 0; step < depth; step++) {
          double element = Math.abs(a[at / product.columns * depth + step]);
          int weight = Math.abs(product.weight(step, at % product.columns));
          largest = Math.max(largest, element);
          weights += weight;
          sizes += element * weight;
        }
        double bound = Math.scalb(largest * weights, bits == 4 ? -19 : -23);
        bound += Math.scalb(sizes, -20);
        assertThat(found[at])
            .as("%s %d, seed %d", level, at, SEED)
            .isCloseTo(sums[at], within(bound));
      }
    }
  }

  /** No sum is too large for what it is kept in: ends of weights, and of digits of the inputs. */
  @ParameterizedTest
  @CsvSource({
    "1,8,-128,-128",
    "1,8,127,127",
    "1,4,-120,-8",
    "1,4,119,7",
    "3,4,-120,-8",
    "3,4,119,7",
    "7,4,119,7",
    "7,8,127,127"
  })
  void extremes(int rows, int bits, int stored, int weight) {
    int depth = 203;
    // All digits 127, the greatest a little less; all −128; and integers that are exact anywhere.
    for (double x : new double[] {8_290_175, -8_290_432, -8_323_071, 32_768, -32_768}) {
      double[] a = new double[rows * depth];
      Arrays.fill(a, x);
      Case product = new Case(rows, 70, depth, bits, a);
      Arrays.fill(product.stored, stored);
      assertThat(product.weight(1, 1)).isEqualTo(weight);
      double[] expected = product.sums();
      for (IsaLevel level : NativeFunction.runnable()) {
        double[] found = product.run(level);
        for (int at = 0; at < expected.length; at++) {
          double bound = Math.abs(x) == 32_768 ? 0 : Math.abs(expected[at]) * 4e-6;
          assertThat(found[at]).as("%s %s %d", level, x, at).isCloseTo(expected[at], within(bound));
        }
      }
    }
  }

  /** A row with an infinity, or with no number, has no finite product; the others are untouched. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN})
  void rowsWithoutNumbers(double value) {
    int depth = 20;
    double[] a = integers(3 * depth, 100);
    Case product = new Case(3, 40, depth, 8, a);
    double[] sums = product.sums();
    a[depth + 13] = value;
    for (IsaLevel level : NativeFunction.runnable()) {
      double[] found = product.run(level);
      for (int at = 0; at < sums.length; at++) {
        if (at / product.columns == 1) {
          assertThat(found[at]).as("%s %d", level, at).isNotFinite();
        } else {
          assertThat(found[at]).as("%s %d", level, at).isEqualTo(sums[at]);
        }
      }
    }
  }

  /** Rows of nothing, and of the least and the largest floats. */
  @Test
  void rowsOfExtremes() {
    int depth = 18;
    double[] a = new double[3 * depth];
    for (int step = 0; step < depth; step++) {
      a[depth + step] = Float.MIN_NORMAL * (step - 5);
      a[2 * depth + step] = step == 3 ? Float.MAX_VALUE / 256 : 0;
    }
    Case product = new Case(3, 33, depth, 8, a);
    double[] sums = product.sums();
    for (IsaLevel level : NativeFunction.runnable()) {
      double[] found = product.run(level);
      for (int at = 0; at < sums.length; at++) {
        double bound = Math.max(Math.abs(sums[at]) * 1e-6, 128 * depth * Float.MIN_NORMAL);
        assertThat(found[at]).as("%s %d", level, at).isCloseTo(sums[at], within(bound));
      }
    }
  }

  /** What is multiplied may be computed on the way. */
  @ParameterizedTest
  @CsvSource({"1,8", "9,8", "1,4", "9,4"})
  void computedRows(int rows, int bits) {
    int depth = 37;
    Case product = new Case(rows, 50, depth, bits, integers(rows * depth, 1000));
    product.left = given -> Expr.apply(ScalarOp.MAXIMUM, given, Expr.constant(DType.F32, 0));
    Case positive = new Case(rows, 50, depth, bits, product.a.clone());
    for (int at = 0; at < positive.a.length; at++) {
      positive.a[at] = Math.max(0, positive.a[at]);
    }
    for (IsaLevel level : NativeFunction.runnable()) {
      assertThat(product.run(level)).as("%s, seed %d", level, SEED).isEqualTo(positive.sums());
    }
  }

  /** With VNNI weights are never made floats: digits of the input are multiplied with bytes. */
  @Test
  void instructions() {
    for (int bits : List.of(8, 4)) {
      TargetDescription target = NativePlatform.LINUX_X86_64.target(IsaLevel.X86_64_V4_VNNI);
      KernelProgram program = StoredWeightPrograms.of(1, 64, 64, bits);
      KernelProgram main = PackedWeights.of(program, target).main();
      String llvm = new LlvmBackend().emit(main, "p", target).llvm();
      assertThat(new LlvmToolchain().assembly(llvm, target)).contains("\tvpdpbusd\t");
      assertThat(llvm).doesNotContain("sext <16 x i8>").doesNotContain("permvar");
    }
  }

  /**
   * Without VNNI few rows meet weights of four bits as digits, too; many do where registers are.
   */
  @Test
  void instructionsWithoutDotProducts() {
    for (IsaLevel level : List.of(IsaLevel.X86_64_V3, IsaLevel.X86_64_V4)) {
      TargetDescription target = NativePlatform.LINUX_X86_64.target(level);
      KernelProgram program = StoredWeightPrograms.of(1, 64, 64, 4);
      KernelProgram main = PackedWeights.of(program, target).main();
      String llvm = new LlvmBackend().emit(main, "p", target).llvm();
      assertThat(new LlvmToolchain().assembly(llvm, target)).contains("\tvpmaddubsw\t");
      assertThat(llvm).contains("integers.DIGITS_IN_SHORTS.1x2");
      KernelProgram many = PackedWeights.of(StoredWeightPrograms.of(32, 64, 64, 4), target).main();
      assertThat(new LlvmBackend().emit(many, "p", target).llvm())
          .contains(level.registers() == 32 ? "integers.DIGITS" : "integers.UNSIGNED_NIBBLES");
    }
  }

  /** Weights of four bits are read as such where an instruction multiplies bytes. */
  @Test
  void halvesStayHalves() {
    TargetDescription target = NativePlatform.LINUX_X86_64.target(IsaLevel.X86_64_V4_VNNI);
    KernelProgram program =
        StoredWeightPrograms.ofBytes(Dim.constant(2), 64, 64, 4, given -> given);
    PackedWeights.Split split = PackedWeights.of(program, target);
    assertThat(split.main().parameters())
        .anySatisfy(
            parameter -> assertThat(parameter.buffer().size().value()).isEqualTo(64 * 64 / 2));
    String llvm = new LlvmBackend().emit(split.main(), "p", target).llvm();
    assertThat(llvm).contains("integers.QUADS_BY_NIBBLES.2x2");
  }
}
