package org.modelc.compiler.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.codegen.jvm.EmittedProgram;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * The constants of programs' pools, to be shipped with the parameters. All programs of a model
 * share one name space of tensors, so a constant gets a name that tells its program; backends whose
 * constants are alike share them.
 */
final class PooledConstants {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Takes the constants of a program that {@link #add} has named. */
  void addNamed(EmittedProgram emitted) {
    for (PooledConstant constant : emitted.constants()) {
      tensors.put(constant.buffer(), tensor(emitted.abi(), constant));
    }
  }

  /** The constants by name. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** A program with the names that its constants get. */
  EmittedProgram add(EmittedProgram emitted) {
    List<PooledConstant> constants = named(emitted.abi(), emitted.constants());
    return new EmittedProgram(
        renamed(emitted.abi(), emitted.constants(), constants),
        constants,
        emitted.source(),
        emitted.kernels());
  }

  /** A program with the names that its constants get. */
  EmittedNativeProgram add(EmittedNativeProgram emitted) {
    List<PooledConstant> constants = named(emitted.abi(), emitted.constants());
    return new EmittedNativeProgram(
        renamed(emitted.abi(), emitted.constants(), constants),
        constants,
        emitted.module(),
        emitted.scratchBytes(),
        emitted.kernels());
  }

  /** A program with the names that its constants get. */
  EmittedCudaProgram add(EmittedCudaProgram emitted) {
    List<PooledConstant> constants = named(emitted.abi(), emitted.constants());
    return new EmittedCudaProgram(
        renamed(emitted.abi(), emitted.constants(), constants),
        constants,
        emitted.text(),
        emitted.launches());
  }

  /** The constants in their order with the names that they get. */
  private synchronized List<PooledConstant> named(ProgramAbi abi, List<PooledConstant> constants) {
    return constants.stream()
        .map(each -> new PooledConstant(nameOf(abi, each), each.elements()))
        .toList();
  }

  private String nameOf(ProgramAbi abi, PooledConstant constant) {
    Tensor tensor = tensor(abi, constant);
    String plain = abi.name() + "#" + constant.buffer();
    String name = plain;
    for (int other = 2; tensors.containsKey(name); other++) {
      if (tensors.get(name).sameBits(tensor)) {
        return name;
      }
      name = plain + "." + other;
    }
    tensors.put(name, tensor);
    return name;
  }

  private static ProgramAbi renamed(
      ProgramAbi abi, List<PooledConstant> constants, List<PooledConstant> named) {
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < named.size(); i++) {
      names.put(constants.get(i).buffer(), named.get(i).buffer());
    }
    List<ProgramAbi.Buffer> buffers = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : abi.buffers()) {
      boolean pooled = buffer.role() == Role.CONSTANT && names.containsKey(buffer.name());
      buffers.add(
          pooled
              ? new ProgramAbi.Buffer(
                  names.get(buffer.name()),
                  buffer.role(),
                  buffer.dtype(),
                  buffer.shape(),
                  buffer.updates(),
                  buffer.inPlace())
              : buffer);
    }
    return new ProgramAbi(
        abi.name(), abi.symbol(), abi.dims(), abi.bounds(), buffers, abi.peakBytes(), abi.work());
  }

  private static Tensor tensor(ProgramAbi abi, PooledConstant constant) {
    double[] elements = constant.elements();
    ProgramAbi.Buffer buffer =
        abi.buffers().stream()
            .filter(each -> each.name().equals(constant.buffer()))
            .findFirst()
            .orElseThrow();
    List<Integer> shape = buffer.shape().stream().map(dim -> dim.intValue()).toList();
    Tensor tensor = Tensor.zeros(buffer.dtype(), shape);
    for (int i = 0; i < tensor.size(); i++) {
      store(buffer.dtype(), tensor.values(), i, elements[elements.length == 1 ? 0 : i]);
    }
    return tensor;
  }

  private static void store(DType dtype, Object values, int index, double element) {
    switch (dtype) {
      case F32 -> ((float[]) values)[index] = (float) element;
      case F64 -> ((double[]) values)[index] = element;
      case I32 -> ((int[]) values)[index] = (int) element;
      case I64 -> ((long[]) values)[index] = (long) element;
      case I8, BOOL -> ((byte[]) values)[index] = (byte) element;
      case F16, BF16 -> ((short[]) values)[index] = HalfFloat.bits(dtype, (float) element);
    }
  }
}
