package org.modelc.testkit.ptx;

/** Finds the family that an instruction is of; one that no family knows is refused. */
final class Decoder {
  private Decoder() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    return switch (at.name()) {
      case "add", "sub", "mul", "mad", "min", "max", "abs", "neg", "div" ->
          at.type().isFloat()
              ? FloatArithmetic.decode(at, operands)
              : IntegerArithmetic.decode(at, operands);
      case "rem", "dp4a", "dp2a" -> IntegerArithmetic.decode(at, operands);
      case "fma", "sqrt", "rsqrt", "rcp", "ex2", "lg2", "sin", "cos", "tanh", "copysign" ->
          FloatArithmetic.decode(at, operands);
      case "and",
          "or",
          "xor",
          "not",
          "shl",
          "shr",
          "shf",
          "lop3",
          "prmt",
          "bfe",
          "bfi",
          "popc",
          "clz",
          "brev",
          "bfind" ->
          BitOperations.decode(at, operands);
      case "setp", "selp" -> Comparison.decode(at, operands);
      case "cvt" -> Conversion.decode(at, operands);
      case "mov", "cvta" -> Movement.decode(at, operands);
      case "ld", "st", "atom", "red" -> MemoryAccess.decode(at, operands);
      case "bra", "ret", "exit", "trap", "bar", "barrier", "membar", "fence" ->
          Control.decode(at, operands);
      case "shfl", "vote", "redux", "activemask" -> WarpExchange.decode(at, operands);
      case "mma", "ldmatrix" -> MatrixMultiply.decode(at, operands);
      case "cp" -> AsyncCopies.decode(at, operands);
      default -> throw at.unknown("is not an opcode that the interpreter knows");
    };
  }
}
