package org.modelc.codegen.llvm.emit;

import org.modelc.runtime.spec.DType;

/**
 * Conversions between f32 and floats of 16 bits, which lie in i16, on scalars or vectors alike.
 * Rounding is to nearest, ties to even; a NaN becomes a quiet one that keeps its sign and the
 * payload's upper bits. LLVM would call a library for f16 where the processor cannot convert, so
 * the steps of {@link org.modelc.runtime.kernels.HalfFloat} are taken there, with the same bits.
 */
final class HalfConversions {
  private static final long INFINITY = 0x7f800000;

  /** What exponents of f32 have more than those of f16, in place: 127 - 15. */
  private static final long BIAS = 112 << 23;

  private final FunctionWriter writer;

  HalfConversions(FunctionWriter writer) {
    this.writer = writer;
  }

  /** A stored number as f32. */
  Operand widened(DType dtype, Operand stored) {
    if (dtype == DType.F16 && isConvertedByInstruction()) {
      Operand half = writer.convert("bitcast", stored, LlvmTypes.like("half", stored));
      return writer.convert("fpext", half, LlvmTypes.like("float", stored));
    }
    Operand wide = writer.convert("zext", stored, LlvmTypes.like("i32", stored));
    Operand bits = dtype == DType.F16 ? widenedBits(wide) : shift("shl", wide, 16);
    return writer.convert("bitcast", bits, LlvmTypes.like("float", stored));
  }

  /** The nearest number as it is stored. */
  Operand narrowed(DType dtype, Operand x) {
    if (dtype == DType.F16 && isConvertedByInstruction()) {
      Operand half = writer.convert("fptrunc", x, LlvmTypes.like("half", x));
      return writer.convert("bitcast", half, LlvmTypes.like("i16", x));
    }
    Operand bits = writer.convert("bitcast", x, LlvmTypes.like("i32", x));
    Operand chosen = dtype == DType.F16 ? f16(bits) : bf16(x, bits);
    return writer.convert("trunc", chosen, LlvmTypes.like("i16", x));
  }

  private boolean isConvertedByInstruction() {
    return writer.module().target().level().hasHalfConversions();
  }

  private Operand widenedBits(Operand wide) {
    Operand size = and(wide, 0x7fff);
    Operand sign = shift("shl", writer.binary("xor", wide, size), 16);
    Operand moved = shift("shl", size, 13);
    // Below the least exponent the last bit is worth 2 to the power of -24.
    Operand count = writer.convert("sitofp", size, LlvmTypes.like("float", wide));
    Operand least = writer.splat(Operand.number("float", 0x1p-24), wide.lanes());
    Operand small = writer.convert("bitcast", writer.multiply(count, least), wide.type());
    Operand isSmall = writer.compare("icmp slt", size, constant(wide, 0x400));
    Operand number = writer.select(isSmall, small, writer.add(moved, constant(wide, BIAS)));
    Operand isBeyond = writer.compare("icmp sge", size, constant(wide, 0x7c00));
    Operand infinite = writer.select(isBeyond, constant(wide, INFINITY), constant(wide, 0));
    Operand isNaN = writer.compare("icmp sgt", size, constant(wide, 0x7c00));
    Operand quiet = writer.select(isNaN, constant(wide, 0x400000), constant(wide, 0));
    Operand special = writer.binary("or", infinite, quiet);
    return writer.binary("or", writer.binary("or", number, special), sign);
  }

  private Operand f16(Operand bits) {
    Operand size = and(bits, 0x7fffffff);
    Operand sign = shift("lshr", writer.binary("xor", bits, size), 16);
    // The last bit of numbers from 1/2 on is worth what the least f16 is.
    String floats = LlvmTypes.like("float", bits);
    Operand half = writer.splat(Operand.number("float", 0.5), bits.lanes());
    Operand sum = writer.binary("fadd", writer.convert("bitcast", size, floats), half);
    Operand small =
        writer.subtract(writer.convert("bitcast", sum, bits.type()), constant(bits, 0x3f000000));
    Operand moved = shift("lshr", size, 13);
    Operand even = writer.add(and(moved, 1), constant(bits, 0xfff - BIAS));
    Operand rounded = shift("ashr", writer.add(size, even), 13);
    Operand most = constant(bits, 0x7c00);
    Operand large = writer.intrinsic("llvm.smin", bits.type(), rounded, most);
    Operand isSmall = writer.compare("icmp slt", size, constant(bits, BIAS + (1 << 23)));
    Operand number = writer.select(isSmall, small, large);
    Operand quiet = writer.binary("or", and(moved, 0x3ff), constant(bits, 0x7e00));
    Operand isNaN = writer.compare("icmp sgt", size, constant(bits, INFINITY));
    return writer.binary("or", writer.select(isNaN, quiet, number), sign);
  }

  private Operand bf16(Operand x, Operand bits) {
    Operand high = shift("lshr", bits, 16);
    Operand even = and(high, 1);
    Operand bias = writer.add(even, constant(bits, 0x7fff));
    Operand rounded = shift("lshr", writer.add(bits, bias), 16);
    Operand quiet = writer.binary("or", high, constant(bits, 0x40));
    Operand isNaN = writer.compare("fcmp uno", x, x);
    return writer.select(isNaN, quiet, rounded);
  }

  private Operand and(Operand bits, long mask) {
    return writer.binary("and", bits, constant(bits, mask));
  }

  private Operand shift(String opcode, Operand bits, long count) {
    return writer.binary(opcode, bits, constant(bits, count));
  }

  private Operand constant(Operand model, long value) {
    return writer.splat(Operand.integer(model.element(), value), model.lanes());
  }
}
