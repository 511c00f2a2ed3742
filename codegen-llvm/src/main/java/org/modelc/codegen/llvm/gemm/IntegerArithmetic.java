package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Instructions that multiply bytes and add products of neighbouring steps in i32. None of them
 * saturates: {@code pmaddubsw}, which does, is not among them.
 */
enum IntegerArithmetic {
  /**
   * VNNI's {@code vpdpbusd}: four steps at once, the left factor unsigned. So 128 is added to it,
   * and what that adds to the sums is taken off by the one who asks.
   */
  QUADS(4, 1, 128),
  /** {@code pmaddwd}: two steps at once, widened to i16; the left factor is, while it is packed. */
  PAIRS(2, 2, 0),
  /** AArch64's {@code smull} and {@code sadalp}: two steps at once. */
  LONG_PAIRS(2, 1, 0);

  /** Steps that lie together. */
  final int steps;

  /** Bytes of an element of the packed left factor. */
  final int leftBytes;

  /** What is added to elements of the left factor. */
  final int offset;

  IntegerArithmetic(int steps, int leftBytes, int offset) {
    this.steps = steps;
    this.leftBytes = leftBytes;
    this.offset = offset;
  }

  /** The best that a level has without an offset, which only weights can make up for. */
  static IntegerArithmetic plain(IsaLevel level) {
    return level == IsaLevel.NEON ? LONG_PAIRS : PAIRS;
  }

  /** The best for weights that are packed beforehand. */
  static IntegerArithmetic ofWeights(IsaLevel level) {
    return level.hasDotProducts() ? QUADS : plain(level);
  }

  /** The bytes of one element of the left factor's steps, as one integer. */
  private String together() {
    return "i" + steps * leftBytes * 8;
  }

  /** The steps of one line of the left factor, for all lanes. */
  Operand left(FunctionWriter out, Operand place, int lanes) {
    Operand spread = out.splat(out.load(together(), place), lanes);
    return switch (this) {
      case QUADS -> spread;
      case PAIRS -> out.convert("bitcast", spread, LlvmTypes.vector("i16", 2 * lanes));
      case LONG_PAIRS -> widened(out, out.convert("bitcast", spread, bytes(lanes)));
    };
  }

  /** The steps of as many columns as there are lanes. */
  Operand right(FunctionWriter out, Operand place, int lanes) {
    Operand bytes = out.load(bytes(lanes), place);
    return this == QUADS
        ? out.convert("bitcast", bytes, LlvmTypes.vector("i32", lanes))
        : widened(out, bytes);
  }

  private String bytes(int lanes) {
    return LlvmTypes.vector("i8", steps * lanes);
  }

  private static Operand widened(FunctionWriter out, Operand bytes) {
    return out.convert("sext", bytes, LlvmTypes.vector("i16", bytes.lanes()));
  }

  /** Sums with the products of some steps added. */
  Operand add(FunctionWriter out, Operand sums, Operand left, Operand right) {
    int lanes = sums.lanes();
    return switch (this) {
      case QUADS ->
          intrinsic(out, "llvm.x86.avx512.vpdpbusd.512", sums.type(), List.of(sums, left, right));
      case PAIRS -> out.add(sums, intrinsic(out, pairs(lanes), sums.type(), List.of(left, right)));
      case LONG_PAIRS -> {
        List<Operand> products = List.of(out.multiply(left, right));
        String join = "llvm.aarch64.neon.saddlp.v4i32.v8i16";
        yield out.add(sums, intrinsic(out, join, sums.type(), products));
      }
    };
  }

  private static String pairs(int lanes) {
    return lanes == 16
        ? "llvm.x86.avx512.pmaddw.d.512"
        : lanes == 8 ? "llvm.x86.avx2.pmadd.wd" : "llvm.x86.sse2.pmadd.wd";
  }

  private static Operand intrinsic(
      FunctionWriter out, String name, String type, List<Operand> operands) {
    ModuleWriter module = out.module();
    String types = String.join(", ", operands.stream().map(Operand::type).toList());
    module.library(name, () -> "declare " + type + " @" + name + "(" + types + ")\n");
    return out.call(type, name, operands.toArray(Operand[]::new));
  }
}
