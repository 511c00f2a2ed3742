package org.modelc.codegen.cuda.gemm;

import org.modelc.codegen.cuda.Roofline;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;

/**
 * The instructions of tensor cores that a product can be made of. Each multiplies 16 rows by 8
 * columns over 8 words of steps, so all have the same fragments in words. Source: PTX ISA, "Matrix
 * Fragments for mma.m16n8k8" (tf32), "mma.m16n8k16" (f16, bf16), "mma.m16n8k32" (s8).
 */
enum MatrixUnit {
  /** f16, whose products are exact in f32. */
  F16(DType.F16, 2, "mma_m16n8k16_f16", "m16n8k16 f16"),

  /** bf16, whose products are exact in f32. */
  BF16(DType.BF16, 2, "mma_m16n8k16_bf16", "m16n8k16 bf16"),

  /** Bytes, whose sums in i32 are exact. */
  BYTES(DType.I8, 4, "mma_m16n8k32_s8", "m16n8k32 s8"),

  /** f32 as the sum of two tf32 each: three products, the fourth is below the last place. */
  SINGLES(DType.F32, 1, "mma_m16n8k8_tf32", "m16n8k8 tf32, thrice");

  private final DType stored;
  private final int perWord;
  private final String instruction;
  private final String title;

  MatrixUnit(DType stored, int perWord, String instruction, String title) {
    this.stored = stored;
    this.perWord = perWord;
    this.instruction = instruction;
    this.title = title;
  }

  /** What multiplies a product's factors on such a device; null if fmas do it. */
  static MatrixUnit of(ProductReading reading, TargetDescription target) {
    for (MatrixUnit unit : values()) {
      boolean both = unit.holds(reading.left()) && unit.holds(reading.right());
      if (both && unit.isFastOn(target) && unit.sums(reading.nest())) {
        return unit;
      }
    }
    return null;
  }

  private boolean isFastOn(TargetDescription target) {
    return this == SINGLES ? target.multipliesSinglesFast() : target.hasMatrixUnits();
  }

  private boolean sums(LoopNest nest) {
    return nest.reductions().get(0).dtype() == (this == BYTES ? DType.I32 : DType.F32);
  }

  private boolean holds(Expr factor) {
    return switch (this) {
      case SINGLES -> factor.dtype() == DType.F32;
      case F16, BF16 -> factor.isStored(stored);
      case BYTES -> bytes(factor) != null;
    };
  }

  /** What a factor widens to i32, if that is of bytes; else null. */
  static Expr bytes(Expr factor) {
    boolean widens =
        factor instanceof Expr.Cast cast
            && cast.dtype() == DType.I32
            && cast.operand().dtype() == DType.I8;
    return widens ? ((Expr.Cast) factor).operand() : null;
  }

  /** The elements that a factor's words hold. */
  Expr element(Expr factor) {
    return this == BYTES ? bytes(factor) : factor;
  }

  /** The type of the elements in memory. */
  DType stored() {
    return stored;
  }

  /** Neighbouring steps in a word of 32 bits. */
  int perWord() {
    return perWord;
  }

  /** The device function. */
  String instruction() {
    return instruction;
  }

  /** What multiplies. */
  Roofline.Rate rate() {
    return switch (this) {
      case F16, BF16 -> Roofline.Rate.HALVES;
      case BYTES -> Roofline.Rate.BYTES;
      case SINGLES -> Roofline.Rate.SINGLES_BY_THREE;
    };
  }

  /** For the reader. */
  String title() {
    return title;
  }
}
