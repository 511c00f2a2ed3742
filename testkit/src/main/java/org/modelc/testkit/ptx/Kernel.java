package org.modelc.testkit.ptx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A kernel, decoded: operations, operands, and where its variables are. */
final class Kernel {
  /** Bytes that belong to no variable between two. */
  private static final int GAP = 16;

  /** Without asking for more, a kernel has so much (CUDA C++ Programming Guide, table 21). */
  private static final int STATIC_SHARED_LIMIT = 48 << 10;

  private final PtxFunction function;
  private final Operands operands;
  private final Operation[] code;
  private final Map<String, Long> symbols = new HashMap<>();
  private final Map<Integer, Integer> sharedVariables = new LinkedHashMap<>();
  private int sharedBytes;
  private int localBytes;
  private int parameterBytes;

  /**
   * Decodes a kernel.
   *
   * @param globals addresses of the module's variables in global memory
   * @param moduleVariables the module's variables, of which shared ones are placed here
   */
  Kernel(PtxFunction function, Map<String, Long> globals, List<PtxVariable> moduleVariables) {
    this.function = function;
    symbols.putAll(globals);
    function.labels().forEach((label, place) -> symbols.put(label, (long) place));
    for (PtxVariable parameter : function.parameters()) {
      parameterBytes = aligned(parameterBytes, parameter.alignment());
      symbols.put(parameter.name(), (long) parameterBytes);
      parameterBytes += (int) parameter.bytes();
    }
    function.variables().forEach(this::place);
    moduleVariables.stream()
        .filter(variable -> variable.space().equals("shared") && variable.bytes() > 0)
        .forEach(this::place);
    int used = sharedVariables.values().stream().mapToInt(Integer::intValue).sum();
    if (used > STATIC_SHARED_LIMIT) {
      throw new PtxFailure(
          "kernel "
              + function.name()
              + " has "
              + used
              + " bytes of static shared memory, over 48 KiB");
    }
    sharedBytes = aligned(sharedBytes, 128);
    moduleVariables.stream()
        .filter(variable -> variable.space().equals("shared") && variable.bytes() == 0)
        .forEach(variable -> symbols.put(variable.name(), (long) sharedBytes));
    this.operands = new Operands(function, symbols);
    this.code =
        function.instructions().stream()
            .map(each -> Decoder.decode(each, operands))
            .toArray(Operation[]::new);
  }

  private static int aligned(int place, int alignment) {
    return (place + alignment - 1) / alignment * alignment;
  }

  private void place(PtxVariable variable) {
    if (variable.space().equals("local")) {
      localBytes = aligned(localBytes, variable.alignment());
      symbols.put(variable.name(), (long) localBytes);
      localBytes += (int) variable.bytes();
    } else {
      sharedBytes = aligned(sharedBytes, variable.alignment());
      symbols.put(variable.name(), (long) sharedBytes);
      sharedVariables.put(sharedBytes, (int) variable.bytes());
      sharedBytes += (int) variable.bytes() + GAP;
    }
  }

  /** Tells a block's memory which bytes are variables'. */
  void declareShared(Region shared, int dynamicBytes) {
    sharedVariables.forEach(shared::declare);
    shared.declare(sharedBytes, dynamicBytes);
  }

  PtxFunction function() {
    return function;
  }

  Operands operands() {
    return operands;
  }

  Operation[] code() {
    return code;
  }

  int sharedBytes() {
    return sharedBytes;
  }

  int localBytes() {
    return localBytes;
  }

  int parameterBytes() {
    return parameterBytes;
  }

  /** Where a parameter begins. */
  int parameter(PtxVariable parameter) {
    return symbols.get(parameter.name()).intValue();
  }
}
