package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.ops.Gelu;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * The f32 functions of compiled programs against StrictMath in f64, on floats spread over all bit
 * patterns: every 4,099th, or every {@code -Dmodelc.ulp.stride}-th.
 */
class ScalarExpansionTest {
  private static final int STRIDE = Integer.getInteger("modelc.ulp.stride", 4099);
  private static final int BLOCK = 1 << 16;

  static Stream<Arguments> functions() {
    return Stream.of(
        Arguments.of("exp", 1.0, every(), (DoubleUnaryOperator) StrictMath::exp),
        Arguments.of("expm1", 2.0, every(), (DoubleUnaryOperator) StrictMath::expm1),
        Arguments.of("sigmoid", 2.0, from(-88), (DoubleUnaryOperator) ScalarExpansionTest::sigmoid),
        Arguments.of("tanh", 2.0, every(), (DoubleUnaryOperator) StrictMath::tanh),
        Arguments.of("log", 1.0, every(), (DoubleUnaryOperator) StrictMath::log),
        Arguments.of("log1p", 2.0, every(), (DoubleUnaryOperator) StrictMath::log1p),
        Arguments.of("erf", 1.0, every(), (DoubleUnaryOperator) ScalarExpansionTest::erf),
        Arguments.of("gelu", 2.0, from(-0.5), (DoubleUnaryOperator) ScalarExpansionTest::gelu),
        Arguments.of("sin", 2.0, between(0x1p45), (DoubleUnaryOperator) StrictMath::sin),
        Arguments.of("cos", 2.0, between(0x1p45), (DoubleUnaryOperator) StrictMath::cos));
  }

  /** The arguments that an error bound is stated for. */
  private record Range(double low, double high) {
    boolean has(double x) {
      return Double.isNaN(x) || (x >= low && x <= high);
    }
  }

  private static Range every() {
    return new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  private static Range from(double low) {
    return new Range(low, Double.POSITIVE_INFINITY);
  }

  private static Range between(double bound) {
    return new Range(-bound, bound);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  private static double gelu(double x) {
    return x == Double.POSITIVE_INFINITY ? x : x / 2 * (1 + erf(x * Math.sqrt(0.5)));
  }

  /** Abramowitz and Stegun 7.1.6 below 3, the continued fraction 7.1.14 above. */
  private static double erf(double x) {
    double size = Math.abs(x);
    if (!(size <= 6)) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    double gauss = StrictMath.exp(-size * size) / Math.sqrt(Math.PI);
    if (size >= 3) {
      double fraction = 0;
      for (int k = 200; k >= 1; k--) {
        fraction = k / 2.0 / (size + fraction);
      }
      return Math.signum(x) * (1 - gauss / (size + fraction));
    }
    double term = size;
    double sum = size;
    for (int n = 1; term > 1e-18 * sum; n++) {
      term *= 2 * size * size / (2 * n + 1);
      sum += term;
    }
    return Math.signum(x) * 2 * gauss * sum;
  }

  @ParameterizedTest(name = "{0} within {1} ulp")
  @MethodSource("functions")
  void agreesWithStrictMath(
      String function, double bound, Range range, DoubleUnaryOperator reference) {
    checkEach(function, bound, (x, y) -> range.has(x) ? error(y, reference.applyAsDouble(x)) : 0);
  }

  /** Where 1 + erf loses digits, the error is small beside what is lost. */
  @Test
  void geluOfNegativeNumbersErrsByLittle() {
    checkEach(
        "gelu",
        0x1p-24,
        (x, y) -> x < 0 && x > Double.NEGATIVE_INFINITY ? Math.abs(y - gelu(x)) : 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64"})
  void geluHasItsLimitAtInfinity(DType dtype) {
    Graph graph = gelu(dtype, 4);
    double[] x = {Double.NEGATIVE_INFINITY, -1e30, Double.POSITIVE_INFINITY, Double.NaN};
    List<Array> inputs = List.of(new Array(dtype, new int[] {4}, x));
    BytecodeProgram program = BytecodeProgram.compileAll(List.of(graph), Pipeline.TRAINING).get(0);
    for (Array y :
        List.of(
            GraphInterpreter.run(graph, inputs, Precision.TYPED).get(0),
            program.run(inputs, 1).get(0))) {
      assertThat(y.data()[0]).isCloseTo(0, within(1e-30));
      assertThat(y.data()[1]).isCloseTo(0, within(1e-30));
      assertThat(y.data()[2]).isEqualTo(Double.POSITIVE_INFINITY);
      assertThat(y.data()[3]).isNaN();
    }
  }

  private static Graph gelu(DType dtype, int size) {
    GraphBuilder builder = new GraphBuilder("gelu");
    Value x = builder.input("x", Role.INPUT, TensorType.of(dtype, size));
    builder.output("y", Gelu.of(builder, x, Gelu.Approximation.NONE));
    return builder.build();
  }

  private static void checkEach(String function, double bound, DoubleBinaryOperator errorOf) {
    BytecodeProgram program = compile(function);
    double worst = 0;
    double worstAt = 0;
    long bits = Integer.MIN_VALUE;
    while (bits <= Integer.MAX_VALUE) {
      double[] x = new double[BLOCK];
      for (int i = 0; i < BLOCK; i++, bits += STRIDE) {
        x[i] = Float.intBitsToFloat((int) Math.min(bits, Integer.MAX_VALUE));
      }
      double[] y = program.run(List.of(Array.f32(new int[] {BLOCK}, x)), 1).get(0).data();
      for (int i = 0; i < BLOCK; i++) {
        double error = errorOf.applyAsDouble(x[i], y[i]);
        worstAt = error > worst ? x[i] : worstAt;
        worst = Math.max(worst, error);
      }
    }
    assertThat(worst).as("%s, worst at %s", function, worstAt).isLessThanOrEqualTo(bound);
  }

  /** The distance in units of the last place of the nearest float; ∞ if only one is special. */
  private static double error(double found, double exact) {
    float nearest = (float) exact;
    if (found == nearest || Double.isNaN(found) && Float.isNaN(nearest)) {
      return 0;
    }
    boolean special = !Double.isFinite(found) || !Float.isFinite(nearest);
    return special ? Double.POSITIVE_INFINITY : Math.abs(found - exact) / Math.ulp(nearest);
  }

  @SuppressWarnings("unchecked")
  private static BytecodeProgram compile(String function) {
    Graph graph = gelu(DType.F32, BLOCK);
    if (!function.equals("gelu")) {
      GraphBuilder builder = new GraphBuilder(function);
      Value x = builder.input("x", Role.INPUT, TensorType.of(DType.F32, BLOCK));
      OpDef<NoAttributes> op = (OpDef<NoAttributes>) OpRegistry.find(function);
      builder.output("y", builder.add(op, NoAttributes.NONE, List.of(x)).get(0));
      graph = builder.build();
    }
    return BytecodeProgram.compileAll(List.of(graph), Pipeline.TRAINING).get(0);
  }
}
