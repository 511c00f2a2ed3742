package org.modelc.testkit.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a kernel's operands are: each register, constant and special register has a number in the
 * warps' register files, predicates one of their own. What constants hold is filled in beforehand,
 * so that an operation reads all its operands alike.
 */
final class Operands {
  /** The register that nothing reads, {@code _}. */
  private static final String SINK = "_";

  private final PtxFunction function;
  private final Map<String, Long> symbols;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> predicates = new HashMap<>();
  private final Map<Long, Integer> constants = new HashMap<>();
  private final Map<String, Integer> specials = new HashMap<>();
  private final List<PtxType> types = new ArrayList<>();

  /**
   * Operands of a kernel.
   *
   * @param symbols addresses of variables, parameters and labels
   */
  Operands(PtxFunction function, Map<String, Long> symbols) {
    this.function = function;
    this.symbols = symbols;
    function.registers().forEach(this::declare);
  }

  private void declare(String name, PtxType type) {
    if (type.kind() == PtxType.Kind.PREDICATE) {
      predicates.put(name, predicates.size());
    } else {
      numbers.put(name, fresh(type));
    }
  }

  private int fresh(PtxType type) {
    types.add(type);
    return types.size() - 1;
  }

  int registerCount() {
    return types.size();
  }

  int predicateCount() {
    return predicates.size() + 2;
  }

  /** Constants by value, with the registers that hold them. */
  Map<Long, Integer> constants() {
    return constants;
  }

  /** Special registers that the kernel reads. */
  Map<String, Integer> specials() {
    return specials;
  }

  /** The width of a register in bits. */
  int width(int register) {
    return types.get(register).bits();
  }

  int predicate(String name) {
    if (name.equals(SINK)) {
      return predicates.size();
    }
    Integer number = predicates.get(name);
    if (number == null) {
      throw new PtxFailure("kernel " + function.name() + ": " + name + " is no predicate");
    }
    return number;
  }

  /** The number of a predicate operand. */
  int predicate(PtxOperand operand, PtxInstruction at) {
    if (operand instanceof PtxOperand.Register register) {
      return predicate(register.name());
    }
    throw at.unknown("wants a predicate, not " + operand);
  }

  boolean isPredicate(PtxOperand operand) {
    return operand instanceof PtxOperand.Register register
        && predicates.containsKey(register.name());
  }

  /** The register to write. */
  int target(PtxOperand operand, PtxInstruction at) {
    if (operand instanceof PtxOperand.Register register) {
      if (register.name().equals(SINK)) {
        return numbers.computeIfAbsent(SINK, name -> fresh(new PtxType(PtxType.Kind.BITS, 64)));
      }
      Integer number = numbers.get(register.name());
      if (number != null) {
        return number;
      }
    }
    throw at.unknown("cannot write to " + operand);
  }

  /** The register to read an operand from. */
  int source(PtxOperand operand, PtxInstruction at) {
    if (operand instanceof PtxOperand.Constant constant) {
      return constant(constant.bits());
    }
    if (operand instanceof PtxOperand.Symbol symbol) {
      return constant(symbol(symbol.name(), at));
    }
    if (operand instanceof PtxOperand.Register register) {
      Integer number = numbers.get(register.name());
      return number != null ? number : special(register.name(), at);
    }
    throw at.unknown("cannot read " + operand);
  }

  long symbol(String name, PtxInstruction at) {
    Long address = symbols.get(name);
    if (address == null) {
      throw at.unknown("names " + name + ", which is not declared");
    }
    return address;
  }

  int constant(long bits) {
    return constants.computeIfAbsent(bits, value -> fresh(new PtxType(PtxType.Kind.BITS, 64)));
  }

  private int special(String name, PtxInstruction at) {
    if (!SpecialRegisters.isKnown(name)) {
      throw at.unknown("reads the unknown register " + name);
    }
    return specials.computeIfAbsent(name, each -> fresh(new PtxType(PtxType.Kind.BITS, 64)));
  }
}
