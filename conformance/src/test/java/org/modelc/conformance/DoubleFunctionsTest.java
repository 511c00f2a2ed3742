package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** The f64 functions of native programs against mpmath; the table's script says how it is made. */
class DoubleFunctionsTest {
  private static final double BOUND = 2;

  /** A row of the table: the value is {@code nearest + rest}. */
  private record Row(String function, double[] arguments, double nearest, double rest) {
    static Row of(String line) {
      String[] cells = line.split(",");
      double[] arguments = new double[cells.length - 3];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = Double.parseDouble(cells[i + 1]);
      }
      double nearest = Double.parseDouble(cells[cells.length - 2]);
      return new Row(cells[0], arguments, nearest, Double.parseDouble(cells[cells.length - 1]));
    }

    double error(double found) {
      return Math.abs(found - nearest - rest) / Math.ulp(nearest);
    }
  }

  static Stream<Arguments> functionsAtLevels() {
    List<String> functions = rows().stream().map(Row::function).distinct().toList();
    return NativeLibrary.runnable().stream()
        .flatMap(level -> functions.stream().map(name -> Arguments.of(name, level)));
  }

  private static List<Row> rows() {
    try (InputStream in =
        DoubleFunctionsTest.class.getResourceAsStream("/values/double_functions.csv")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(Row::of).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("functionsAtLevels")
  void isWithinTwoUnits(String function, IsaLevel level) {
    List<Row> rows = rows().stream().filter(row -> row.function().equals(function)).toList();
    List<Array> inputs = new ArrayList<>();
    for (int i = 0; i < rows.get(0).arguments().length; i++) {
      int argument = i;
      double[] values = rows.stream().mapToDouble(row -> row.arguments()[argument]).toArray();
      inputs.add(new Array(DType.F64, new int[] {rows.size()}, values));
    }
    double[] found = run(function, inputs, level);
    for (int i = 0; i < found.length; i++) {
      double error = rows.get(i).error(found[i]);
      assertThat(error)
          .as("%s of %s gives %s", function, inputs.get(0).data()[i], found[i])
          .isLessThanOrEqualTo(BOUND);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("functionsAtLevels")
  void specialArgumentsAreThoseOfStrictMath(String function, IsaLevel level) {
    double infinity = Double.POSITIVE_INFINITY;
    double[] special = {infinity, -infinity, Double.NaN, 0, -1, 1, 2.5, -3, 4, Double.MIN_VALUE};
    List<Array> inputs = new ArrayList<>();
    int size = special.length;
    if (function.equals("power")) {
      double[] bases = new double[size * size];
      double[] exponents = new double[size * size];
      for (int i = 0; i < bases.length; i++) {
        bases[i] = special[i / size];
        exponents[i] = special[i % size];
      }
      inputs.add(new Array(DType.F64, new int[] {bases.length}, bases));
      inputs.add(new Array(DType.F64, new int[] {bases.length}, exponents));
    } else {
      inputs.add(new Array(DType.F64, new int[] {size}, special));
    }
    double[] found = run(function, inputs, level);
    for (int i = 0; i < found.length; i++) {
      double x = inputs.get(0).data()[i];
      double y = inputs.size() > 1 ? inputs.get(1).data()[i] : 0;
      double expected = reference(function, x, y);
      boolean same =
          Double.compare(found[i], expected) == 0
              || Math.abs(found[i] - expected) <= BOUND * Math.ulp(expected);
      assertThat(same)
          .as("%s of %s, %s gives %s, not %s", function, x, y, found[i], expected)
          .isTrue();
    }
  }

  private static double reference(String function, double x, double y) {
    return switch (function) {
      case "exp" -> StrictMath.exp(x);
      case "expm1" -> StrictMath.expm1(x);
      case "sigmoid" -> 1 / (1 + StrictMath.exp(-x));
      case "tanh" -> StrictMath.tanh(x);
      case "log" -> StrictMath.log(x);
      case "log1p" -> StrictMath.log1p(x);
      case "sin" -> StrictMath.sin(x);
      case "cos" -> StrictMath.cos(x);
      case "power" -> StrictMath.pow(x, y);
      case "erf" -> erf(x);
      default -> throw new IllegalArgumentException(function);
    };
  }

  /** Values of mpmath 1.3: {@code mp.erf}. */
  private static double erf(double x) {
    if (Math.abs(x) == 1) {
      return Math.copySign(0.8427007929497149, x);
    } else if (x == 2.5) {
      return 0.9995930479825550;
    } else if (x == -3) {
      return -0.9999779095030014;
    } else if (x == 4) {
      return 0.9999999845827421;
    } else if (x == Double.MIN_VALUE) {
      return x;
    }
    return Double.isNaN(x) ? x : Math.signum(x);
  }

  @SuppressWarnings("unchecked")
  private static double[] run(String function, List<Array> inputs, IsaLevel level) {
    GraphBuilder builder = new GraphBuilder(function);
    List<Value> values = new ArrayList<>();
    for (Array input : inputs) {
      String name = "x" + values.size();
      values.add(builder.input(name, Role.INPUT, TensorType.of(DType.F64, input.size())));
    }
    OpDef<NoAttributes> op = (OpDef<NoAttributes>) OpRegistry.find(function);
    builder.output("y", builder.add(op, NoAttributes.NONE, values).get(0));
    NativeProgram program = NativeProgram.compile(builder.build(), Pipeline.TRAINING, level);
    return program.run(inputs, 1).get(0).data();
  }
}
