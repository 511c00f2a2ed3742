package org.modelc.testkit.ptx;

import java.util.List;

/** What an instruction works on. */
sealed interface PtxOperand {
  /** A register or special register, by its name with the percent sign. */
  record Register(String name) implements PtxOperand {}

  /** The address of a variable, or a label. */
  record Symbol(String name) implements PtxOperand {}

  /** A constant's bits; f32 constants fill the lower half. */
  record Constant(long bits) implements PtxOperand {}

  /** Elements in braces. */
  record Vector(List<PtxOperand> elements) implements PtxOperand {}

  /** A place in memory: a register, variable or constant, plus bytes. */
  record Address(PtxOperand base, long offset) implements PtxOperand {}

  /** Two results, {@code d|p}. */
  record Pair(PtxOperand first, PtxOperand second) implements PtxOperand {}

  /** A predicate turned round, {@code !p}. */
  record Not(PtxOperand operand) implements PtxOperand {}
}
