package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.spec.DType;

/**
 * Products whose tiles are ragged at every side, against the interpreter in float64. A sum of K
 * rounded products is off by K units of the last place of Σ|a||b| at most (Higham, "Accuracy and
 * Stability of Numerical Algorithms", 3.1), which the same graph over the factors' sizes gives.
 */
class CudaProductsTest {
  private static final String SINGLES = "m16n8k8 tf32, thrice";
  private static final String HALVES = "m16n8k16 f16";
  private static final String BRAINS = "m16n8k16 bf16";
  private static final String BYTES = "m16n8k32 s8";
  private static final String THREADS = "a thread";

  /**
   * @param schedule what the text says of how it is multiplied
   */
  private record Case(String graph, String... schedule) {}

  private static final List<Case> CASES =
      List.of(
          new Case(matmul("f32[65, 207]", "f32[207, 100]"), SINGLES, "left 4 bytes a copy"),
          new Case(matmul("f32[M, 13]", "f32[13, N]"), THREADS),
          new Case(matmul("f32[130, 40]", "f32[40, 10]"), THREADS),
          new Case(matmul("f32[3, 33, 17]", "f32[3, 17, 65]"), SINGLES),
          new Case(matmul("f64[66, 20]", "f64[20, 67]"), THREADS),
          new Case(matmul("f32[1030, 19]", "f32[19, 1029]"), SINGLES, "tiles of 128×64"),
          new Case(matmul("f32[1030, 20]", "f32[20, 1540]"), SINGLES, "tiles of 128×128"),
          new Case(matmul("bf16[70, 45]", "bf16[45, 100]"), BRAINS, "left computed"),
          new Case(matmul("bf16[3, M, 64]", "bf16[3, 64, 33]"), BRAINS, "left 16 bytes"),
          new Case(matmul("f16[70, 45]", "f16[45, 100]"), HALVES, "left computed"),
          new Case(matmul("f16[3, M, 64]", "f16[3, 64, 33]"), HALVES, "left 16 bytes"),
          new Case(widened("f16[70, 64]", "f16[64, 45]"), HALVES, "left 16 bytes"),
          new Case(widened("f16[70, 64]", "bf16[64, 45]"), SINGLES),
          new Case(
              matmul("f32[72, 64]", "f32[64, 68]"), SINGLES, "left 16 bytes", "right 16 bytes"),
          new Case(einsum("mk,nk->mn", "f32[65, 36]", "f32[70, 36]"), SINGLES, "right 16 bytes"),
          new Case(einsum("km,kn->mn", "f32[1100, 40]", "f32[1100, 33]"), SINGLES, "[part<4]"),
          new Case(einsum("km,kn->mn", "f32[1100, 40]", "f32[1100, 10]"), THREADS, "[part<4]"),
          new Case(
              einsum("bkm,bkn->mn", "f32[M, 144, 40]", "f32[M, 144, 33]"), SINGLES, "[part<8]"),
          new Case(einsum("km,kn->mn", "f32[M, 64]", "f32[M, 72]"), SINGLES, "left 16 bytes"),
          new Case(einsum("mk,nk->mn", "bf16[65, 48]", "bf16[72, 48]"), BRAINS, "right 16 bytes"),
          new Case(einsum("mk,nk->mn", "f16[65, 48]", "f16[72, 48]"), HALVES, "right 16 bytes"),
          new Case(matmul("i8[70, 77]", "i8[77, 45]"), BYTES, "left computed"),
          new Case(einsum("mk,nk->mn", "i8[66, 80]", "i8[33, 80]"), BYTES, "right 16 bytes"),
          new Case(einsum("km,kn->mn", "i8[1100, 40]", "i8[1100, 33]"), BYTES, "[part<4]"),
          new Case(convolution("f32[2, 5, 9, 11]", "f32[40, 5, 3, 3]"), SINGLES, "4 bytes"),
          new Case(convolution("f32[B, 3, 12, 12]", "f32[9, 3, 3, 3]"), THREADS));

  static final List<String> GRAPHS = CASES.stream().map(Case::graph).toList();

  @TempDir static Path folder;

  private static String matmul(String left, String right) {
    return "graph product(%a: "
        + left
        + " input, %b: "
        + right
        + " input) {\n  %y = matmul(%a, %b)\n  return y = %y\n}\n";
  }

  /** A product in f32 of what is stored in 16 bits. */
  private static String widened(String left, String right) {
    String casts = "%l = cast(%a) {dtype = f32}\n  %r = cast(%b) {dtype = f32}\n  ";
    return matmul(left, right).replace("%y = matmul(%a, %b)", casts + "%y = matmul(%l, %r)");
  }

  private static String einsum(String equation, String left, String right) {
    return matmul(left, right)
        .replace("matmul(%a, %b)", "einsum(%a, %b) {equation = \"" + equation + "\"}");
  }

  private static String convolution(String left, String right) {
    return "graph product(%a: "
        + left
        + " input, %b: "
        + right
        + " input) {\n  %y = convolution(%a, %b) {strides = [1, 1], padding_low = [1, 1],"
        + " padding_high = [1, 1], input_dilation = [1, 1], kernel_dilation = [1, 1], groups = 1}\n"
        + "  return y = %y\n}\n";
  }

  @TestFactory
  Stream<DynamicTest> raggedTiles() throws IOException {
    List<Graph> graphs = GRAPHS.stream().map(GraphParser::parse).toList();
    List<EmittedCuda> emitted =
        EmittedCuda.all(graphs, Pipeline.TRAINING, new TargetDescription(80));
    CudaRun.Device device = CudaDevices.in(folder).of(EmittedCuda.text(emitted)).apply(3);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < CASES.size(); i++) {
      Case each = CASES.get(i);
      EmittedCuda program = emitted.get(i);
      String name = program.graph().inputs() + List.of(each.schedule).toString();
      tests.add(
          DynamicTest.dynamicTest(
              name,
              () -> {
                assertThat(schedules(program)).contains(each.schedule);
                check(program, device);
                if (device instanceof CudaOnPtx ptx) {
                  costs(name, each, ptx);
                }
              }));
    }
    return tests.stream();
  }

  private static String schedules(EmittedCuda program) {
    StringBuilder schedules = new StringBuilder();
    program
        .parts()
        .forEach(part -> part.launches().forEach(launch -> schedules.append(launch.schedule())));
    return schedules.toString();
  }

  private static void check(EmittedCuda emitted, CudaRun.Device device) throws IOException {
    List<Array> inputs = inputs(emitted.graph(), 11);
    Array expected = GraphInterpreter.run(emitted.graph(), inputs, Precision.EXACT).get(0);
    Array sizes = GraphInterpreter.run(emitted.graph(), sizes(inputs), Precision.EXACT).get(0);
    Array actual = new CudaRun(emitted, inputs).on(device).get(0);
    boolean isSplit = schedules(emitted).contains(SINGLES);
    double unit = expected.dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
    // The result is rounded to 16 bits, once.
    double stored = stored(expected.dtype());
    // What two tf32 lack of an f32.
    double lost = isSplit ? 3 * 0x1p-22 : 0;
    double relative =
        expected.dtype().isFloating() ? 1.01 * (depth(inputs, expected) + 1) * unit + lost : 0;
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Math.abs(actual.data()[i] - expected.data()[i]))
          .as("element %d", i)
          .isLessThanOrEqualTo(relative * sizes.data()[i] + stored * Math.abs(expected.data()[i]));
    }
  }

  /**
   * Fragments and copies of 16 bytes meet in no bank; threads that store what they computed may.
   */
  private static void costs(String name, Case of, CudaOnPtx ptx) {
    ptx.costs().forEach(cost -> System.out.println(name + ": " + cost));
    boolean isCopied = List.of(of.schedule).containsAll(List.of("left 16 bytes", "right 16 bytes"));
    if (isCopied) {
      assertThat(ptx.costs()).allMatch(cost -> cost.bankConflicts() == 0);
    }
    ptx.costs().clear();
  }

  /** What rounding to a type of 16 bits may lose, as a share. */
  private static double stored(DType dtype) {
    return switch (dtype) {
      case F16 -> 0x1p-11;
      case BF16 -> 0x1p-8;
      case F32, F64, I8, I32, I64, BOOL -> 0;
    };
  }

  /** Products in a sum. */
  private static double depth(List<Array> inputs, Array result) {
    Array right = inputs.get(1);
    if (right.rank() == 4) {
      return (double) right.size() / right.shape()[0];
    }
    double batches = right.rank() == 3 && result.rank() == 3 ? right.shape()[0] : 1;
    return Math.sqrt((double) inputs.get(0).size() * right.size() / result.size() / batches);
  }

  private static List<Array> inputs(Graph graph, long seed) {
    Random random = new Random(seed);
    List<Array> inputs = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      var type = input.value().tensor();
      int[] shape =
          type.shape().stream().mapToInt(dim -> dim.isStatic() ? dim.intValue() : 67).toArray();
      Array array = Array.zeros(type.dtype(), shape);
      Arrays.setAll(array.data(), i -> element(type.dtype(), random));
      inputs.add(array);
    }
    return inputs;
  }

  private static double element(DType dtype, Random random) {
    double value = random.nextGaussian();
    return switch (dtype) {
      case F64 -> value;
      case F32 -> (float) value;
      case F16, BF16 -> HalfFloat.round(dtype, (float) value);
      case I8 -> random.nextInt(256) - 128;
      case I32, I64, BOOL -> throw new IllegalArgumentException(dtype + " has no products here");
    };
  }

  private static List<Array> sizes(List<Array> inputs) {
    List<Array> sizes = new ArrayList<>();
    for (Array input : inputs) {
      Array array = Array.zeros(input.dtype(), input.shape());
      Arrays.setAll(array.data(), i -> Math.abs(input.data()[i]));
      sizes.add(array);
    }
    return sizes;
  }
}
