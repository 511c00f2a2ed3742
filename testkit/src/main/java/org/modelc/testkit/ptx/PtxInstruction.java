package org.modelc.testkit.ptx;

import java.util.Arrays;
import java.util.List;

/**
 * One instruction.
 *
 * @param guard the predicate register that decides whether it is executed, or null
 * @param negated whether it is executed where the predicate is false
 * @param opcode the words between its dots
 * @param line in the PTX text
 */
record PtxInstruction(
    String guard, boolean negated, List<String> opcode, List<PtxOperand> operands, int line) {
  static PtxInstruction of(
      String guard, boolean negated, String opcode, List<PtxOperand> operands, int line) {
    return new PtxInstruction(
        guard, negated, Arrays.asList(opcode.split("\\.")), List.copyOf(operands), line);
  }

  /** Its name: the first word. */
  String name() {
    return opcode.get(0);
  }

  boolean has(String word) {
    return opcode.contains(word);
  }

  PtxOperand operand(int index) {
    if (index >= operands.size()) {
      throw unknown("has too few operands");
    }
    return operands.get(index);
  }

  /** The last word that is a type. */
  PtxType type() {
    List<PtxType> types = types();
    if (types.isEmpty()) {
      throw unknown("has no type");
    }
    return types.get(types.size() - 1);
  }

  /** The words that are types, in their order. */
  List<PtxType> types() {
    return opcode.stream().map(PtxType::named).filter(type -> type != null).toList();
  }

  /** Refuses an instruction that has a word which its decoder does not know. */
  void allow(List<String> words) {
    for (String word : opcode.subList(1, opcode.size())) {
      if (!words.contains(word) && PtxType.named(word) == null) {
        throw unknown("has the unknown word ." + word);
      }
    }
  }

  PtxFailure unknown(String why) {
    return new PtxFailure("line " + line + ": " + String.join(".", opcode) + " " + why);
  }
}
