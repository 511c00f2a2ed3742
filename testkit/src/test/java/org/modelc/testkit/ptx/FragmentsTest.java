package org.modelc.testkit.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.testkit.fiber.FiberChecks;
import org.modelc.testkit.fiber.FiberCompiler;
import org.modelc.testkit.fiber.FiberProgram;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/**
 * {@code fragments.cu}, by the interpreter and by the shim: one mma of each shape beside the
 * product of its matrices, which are small whole numbers.
 */
class FragmentsTest {
  @TempDir static Path folder;

  /** An element's bits from a whole number of -8 to 7. */
  private enum Kind {
    BF16(2),
    F16(2),
    S8(1);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    void put(ByteBuffer to, int value) {
      switch (this) {
        case BF16 -> to.putShort((short) (Float.floatToIntBits(value) >>> 16));
        case F16 -> to.putShort((short) half(value));
        case S8 -> to.put((byte) value);
      }
    }

    /** IEEE 754 binary16: exponent biased by 15, ten bits of fraction. */
    private static int half(int value) {
      if (value == 0) {
        return 0;
      }
      int exponent = Math.getExponent(Math.abs((float) value));
      int fraction = (Math.abs(value) << 10 - exponent) & 1023;
      return (value < 0 ? 0x8000 : 0) | exponent + 15 << 10 | fraction;
    }
  }

  private record Shape(String kernel, Kind kind, int rows, int depth) {}

  private static final List<Shape> SHAPES =
      List.of(
          new Shape("bf16_16", Kind.BF16, 16, 16),
          new Shape("f16_16", Kind.F16, 16, 16),
          new Shape("f16_8", Kind.F16, 16, 8),
          new Shape("s8_32", Kind.S8, 16, 32),
          new Shape("s8_16", Kind.S8, 8, 16));

  /** Runs a kernel of two inputs and an output of so many bytes; gives the output. */
  private interface Runner {
    byte[] run(String kernel, List<byte[]> inputs, int bytes) throws IOException;
  }

  private static Launch launch(String kernel, int arguments) {
    List<Argument> all = new ArrayList<>();
    for (int i = 0; i < arguments; i++) {
      all.add(Argument.buffer(i));
    }
    return new Launch(kernel, Extent.of(1), Extent.of(32), 0, all);
  }

  private static byte[] interpreted(String kernel, List<byte[]> inputs, int bytes)
      throws IOException {
    PtxMachine machine = new PtxMachine(PtxModule.parse(Bytes.resource("/ptx/fragments.ptx")));
    inputs.forEach(machine::buffer);
    int out = machine.uninitialised(bytes);
    machine.launch(launch(kernel, inputs.size() + 1), 0);
    return machine.contents(out);
  }

  private static Runner shim() throws IOException {
    FiberProgram program =
        new FiberCompiler(folder).compile(Bytes.resource("/ptx/fragments.cu"), FiberChecks.ADDRESS);
    return (kernel, inputs, bytes) -> {
      List<byte[]> buffers = new ArrayList<>(inputs);
      buffers.add(new byte[bytes]);
      FiberProgram.Results results =
          program.run(buffers, List.of(launch(kernel, buffers.size())), 3);
      assertThat(results.problem()).isNull();
      return results.buffers().get(inputs.size());
    };
  }

  @TestFactory
  Stream<DynamicTest> interpreter() {
    return SHAPES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.kernel, () -> check(each, FragmentsTest::interpreted)));
  }

  @TestFactory
  Stream<DynamicTest> fibers() throws IOException {
    if (!FiberCompiler.isAvailable()) {
      return Stream.of();
    }
    Runner shim = shim();
    return Stream.concat(
        SHAPES.stream().map(each -> DynamicTest.dynamicTest(each.kernel, () -> check(each, shim))),
        Stream.of(DynamicTest.dynamicTest("ldmatrix", () -> matrices(shim))));
  }

  private static void check(Shape shape, Runner runner) throws IOException {
    int[] a = values(shape.rows * shape.depth, 1);
    int[] b = values(8 * shape.depth, 2);
    byte[] out =
        runner.run(
            shape.kernel, List.of(bytes(a, shape.kind), bytes(b, shape.kind)), 4 * shape.rows * 8);
    for (int row = 0; row < shape.rows; row++) {
      for (int column = 0; column < 8; column++) {
        int sum = 1;
        for (int k = 0; k < shape.depth; k++) {
          sum += a[row * shape.depth + k] * b[column * shape.depth + k];
        }
        int bits = Bytes.ints(out)[row * 8 + column];
        float actual = shape.kind == Kind.S8 ? bits : Float.intBitsToFloat(bits);
        assertThat(actual).as("%s, row %d, column %d", shape.kernel, row, column).isEqualTo(sum);
      }
    }
  }

  private static int[] values(int count, long seed) {
    return new Random(seed).ints(count, -8, 8).toArray();
  }

  private static byte[] bytes(int[] values, Kind kind) {
    ByteBuffer result =
        ByteBuffer.allocate(values.length * kind.bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      kind.put(result, value);
    }
    return result.array();
  }

  @Test
  void ldmatrix() throws IOException {
    matrices(FragmentsTest::interpreted);
  }

  /** Row r of 32 holds 8r to 8r + 7. */
  private static void matrices(Runner runner) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    for (short i = 0; i < 256; i++) {
      in.putShort(i);
    }
    int[] out = Bytes.ints(runner.run("matrices", List.of(in.array()), 4 * 32 * 6));
    for (int lane = 0; lane < 32; lane++) {
      int row = lane / 4;
      int column = lane % 4 * 2;
      for (int matrix = 0; matrix < 4; matrix++) {
        int low = matrix * 64 + row * 8 + column;
        assertThat(out[lane * 6 + matrix]).isEqualTo(low + 1 << 16 | low);
      }
      for (int matrix = 0; matrix < 2; matrix++) {
        int low = matrix * 64 + column * 8 + row;
        assertThat(out[lane * 6 + 4 + matrix]).isEqualTo(low + 8 << 16 | low);
      }
    }
  }
}
