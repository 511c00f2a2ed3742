package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.workers.Team;

/** Emits, compiles, loads and runs programs made by hand. */
final class ProgramHarness {
  private static int count;

  final EmittedProgram emitted;
  final CompiledProgram program;
  final Map<String, byte[]> classes;

  ProgramHarness(KernelProgram kernels) {
    String name = "generated.P" + count++;
    emitted = new JvmBackend().emit(kernels, name);
    classes = JavaCompilation.compile(Map.of(name, emitted.source()));
    program = new MemoryLoader(() -> classes).program(name);
  }

  /** Runs alone. Buffers not given are made and left in the map. */
  Map<String, Object> run(Map<String, Integer> dims, Map<String, Object> given) {
    Map<String, Object> arrays = new HashMap<>(given);
    List<Object> buffers = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : emitted.abi().buffers()) {
      int size = (int) buffer.size().evaluate(dims);
      Object array = arrays.computeIfAbsent(buffer.name(), key -> array(buffer.dtype(), size));
      buffers.add(array);
    }
    int[] values = emitted.abi().dims().stream().mapToInt(dims::get).toArray();
    program.run(buffers.toArray(), values, program.scratch(values), Team.alone(), 0);
    return arrays;
  }

  static Object array(DType dtype, int size) {
    return switch (dtype) {
      case F32 -> new float[size];
      case F64 -> new double[size];
      case F16, BF16 -> new short[size];
      case I8, BOOL -> new byte[size];
      case I32 -> new int[size];
      case I64 -> new long[size];
    };
  }

  /** A program of kernels over parameters: those written are outputs, the others inputs. */
  static KernelProgram program(List<String> dims, List<Buffer> temporaries, Kernel... kernels) {
    Map<String, KernelProgram.Parameter> parameters = new java.util.LinkedHashMap<>();
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
    temporaries.forEach(temporary -> parameters.remove(temporary.name()));
    return new KernelProgram(
        "test",
        dims,
        List.of(),
        new ArrayList<>(parameters.values()),
        temporaries,
        Map.of(),
        Map.of(),
        List.of(kernels),
        null);
  }

  static Buffer f32(String name, Dim... shape) {
    return new Buffer(name, DType.F32, List.of(shape));
  }

  static Dim dim(long value) {
    return Dim.constant(value);
  }
}
