package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.schedule.ProductSchedules;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * Kernels compiled with the template and run on arrays. Behind every buffer lie bytes that are NaN
 * as floats: reading them spoils results, writing them is found.
 */
public final class CompiledNests {
  private static final int BEHIND = 256;
  private static final String SYMBOL = "modelc_test";

  public final KernelProgram program;
  public final EmittedNativeProgram emitted;
  private final IsaLevel level;
  private final NativeFunction function;

  public CompiledNests(IsaLevel level, List<String> dims, Kernel... kernels) {
    this(ProductSchedules.NONE, level, dims, kernels);
  }

  CompiledNests(ProductSchedules schedules, IsaLevel level, List<String> dims, Kernel... kernels) {
    this(schedules, level, program(dims, kernels));
  }

  /** Kernels between which some buffers are temporaries. */
  CompiledNests(IsaLevel level, List<String> dims, List<Buffer> temporaries, Kernel... kernels) {
    this(ProductSchedules.NONE, level, with(temporaries, program(dims, kernels)));
  }

  private CompiledNests(ProductSchedules schedules, IsaLevel level, KernelProgram program) {
    this.program = program;
    this.level = level;
    this.emitted =
        new LlvmBackend(schedules).emit(program, SYMBOL, NativePlatform.host().target(level));
    this.function = NativeFunction.compile(emitted.llvm(), SYMBOL, level);
  }

  private static KernelProgram with(List<Buffer> temporaries, KernelProgram program) {
    return new KernelProgram(
        program.name(),
        program.dims(),
        program.bounds(),
        program.parameters().stream()
            .filter(parameter -> !temporaries.contains(parameter.buffer()))
            .toList(),
        temporaries,
        Map.of(),
        Map.of(),
        program.kernels(),
        null);
  }

  /** A program of kernels over parameters: those written are outputs, the others inputs. */
  static KernelProgram program(List<String> dims, Kernel... kernels) {
    Map<String, KernelProgram.Parameter> parameters = new LinkedHashMap<>();
    for (Kernel kernel : kernels) {
      for (Buffer read : kernel.reads()) {
        parameters.putIfAbsent(
            read.name(), new KernelProgram.Parameter(read, ProgramAbi.Role.INPUT, null));
      }
      for (Buffer written : kernel.writes()) {
        parameters.putIfAbsent(
            written.name(), new KernelProgram.Parameter(written, ProgramAbi.Role.OUTPUT, null));
      }
    }
    return new KernelProgram(
        "test",
        dims,
        List.of(),
        new ArrayList<>(parameters.values()),
        List.of(),
        Map.of(),
        Map.of(),
        List.of(kernels),
        null);
  }

  /** What the interpreter makes of it. */
  public Map<String, Array> interpreted(Map<String, Integer> dims, Map<String, double[]> inputs) {
    Map<String, Array> arrays = new HashMap<>();
    for (KernelProgram.Parameter parameter : program.parameters()) {
      Buffer buffer = parameter.buffer();
      int[] shape = buffer.shape().stream().mapToInt(d -> (int) d.evaluate(dims)).toArray();
      if (parameter.role() == ProgramAbi.Role.INPUT) {
        arrays.put(
            parameter.name(), new Array(buffer.dtype(), shape, inputs.get(parameter.name())));
      }
    }
    return KernelInterpreter.run(program, arrays, dims);
  }

  /** Buffers of a call in the order of the ABI, the arena last. */
  public List<ByteBuffer> buffers(Map<String, Integer> dims, Map<String, double[]> inputs) {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : emitted.abi().buffers()) {
      int bytes = (int) buffer.size().evaluate(dims) * buffer.dtype().bytes();
      ByteBuffer memory = NativeFunction.bytes(bytes + BEHIND);
      for (int i = 0; i < BEHIND; i++) {
        memory.put(bytes + i, (byte) -1);
      }
      double[] values = inputs.get(buffer.name());
      if (values != null) {
        fill(memory, buffer.dtype(), values);
      }
      buffers.add(memory);
    }
    return buffers;
  }

  private static void fill(ByteBuffer memory, DType dtype, double[] values) {
    for (int i = 0; i < values.length; i++) {
      switch (dtype) {
        case F32 -> memory.putFloat(i * 4, (float) values[i]);
        case F64 -> memory.putDouble(i * 8, values[i]);
        case BOOL, I8 -> memory.put(i, (byte) values[i]);
        case I32 -> memory.putInt(i * 4, (int) values[i]);
        case I64 -> memory.putLong(i * 8, (long) values[i]);
        case F16, BF16 -> memory.putShort(i * 2, HalfFloat.bits(dtype, (float) values[i]));
      }
    }
  }

  /** The same kernels for every instruction set of the host. */
  static List<CompiledNests> ofAllLevels(List<String> dims, Kernel... kernels) {
    return NativeFunction.runnable().stream()
        .map(level -> new CompiledNests(level, dims, kernels))
        .toList();
  }

  /** Programs of the same kernels are as the interpreter has the first, for random inputs. */
  static void assertAgree(
      List<CompiledNests> programs, Map<String, Integer> dims, double tolerance) {
    Map<String, double[]> inputs = Products.inputs(programs.get(0).program, dims);
    Map<String, Array> expected = programs.get(0).interpreted(dims, inputs);
    programs.forEach(nests -> nests.assertAgrees(dims, inputs, expected, tolerance));
  }

  /** The outputs are near those given; returns what one worker finds, as three do. */
  public Map<String, double[]> assertAgrees(
      Map<String, Integer> dims,
      Map<String, double[]> inputs,
      Map<String, Array> expected,
      double tolerance) {
    Map<String, double[]> found = run(dims, inputs);
    assertThat(expected).isNotEmpty();
    expected.forEach(
        (name, array) ->
            assertThat(found.get(name))
                .as("%s of %s on %s", name, dims, level)
                .containsExactly(array.data(), within(tolerance)));
    return found;
  }

  /** The outputs by name, which one worker and three find alike to the last bit. */
  public Map<String, double[]> run(Map<String, Integer> dims, Map<String, double[]> inputs) {
    Map<String, double[]> alone = run(1, dims, inputs);
    Map<String, double[]> shared = run(3, dims, inputs);
    for (KernelProgram.Parameter parameter : program.parameters()) {
      assertThat(shared.get(parameter.name()))
          .as("%s of %s on %s, shared", parameter.name(), dims, level)
          .isEqualTo(alone.get(parameter.name()));
    }
    return alone;
  }

  /** Runs with workers; all buffers by name. */
  public Map<String, double[]> run(
      int workers, Map<String, Integer> dims, Map<String, double[]> inputs) {
    List<ByteBuffer> buffers = buffers(dims, inputs);
    long[] values = emitted.abi().dims().stream().mapToLong(dims::get).toArray();
    int failed =
        function.run(workers, values, scratchBytes(dims), buffers.toArray(ByteBuffer[]::new));
    if (failed != 0) {
      throw new IllegalStateException("the program returned " + failed);
    }
    Map<String, double[]> outputs = new HashMap<>();
    for (int i = 0; i < buffers.size(); i++) {
      ProgramAbi.Buffer buffer = emitted.abi().buffers().get(i);
      int size = (int) buffer.size().evaluate(dims);
      checkBehind(buffer.name(), buffers.get(i), size * buffer.dtype().bytes());
      outputs.put(buffer.name(), values(buffers.get(i), buffer.dtype(), size));
    }
    return outputs;
  }

  private static void checkBehind(String name, ByteBuffer memory, int bytes) {
    for (int i = 0; i < BEHIND; i++) {
      if (memory.get(bytes + i) != -1) {
        throw new IllegalStateException(name + " is written " + i + " bytes behind its end");
      }
    }
  }

  private static double[] values(ByteBuffer memory, DType dtype, int size) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] =
          switch (dtype) {
            case F32 -> memory.getFloat(i * 4);
            case F64 -> memory.getDouble(i * 8);
            case BOOL, I8 -> memory.get(i);
            case I32 -> memory.getInt(i * 4);
            case I64 -> memory.getLong(i * 8);
            case F16, BF16 -> HalfFloat.value(dtype, memory.getShort(i * 2));
          };
    }
    return values;
  }

  public int scratchBytes(Map<String, Integer> dims) {
    return (int) emitted.scratchBytes().evaluate(dims);
  }

  public NativeFunction function() {
    return function;
  }

  static Dim dim(long value) {
    return Dim.constant(value);
  }
}
