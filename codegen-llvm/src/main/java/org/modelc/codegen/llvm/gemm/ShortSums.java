package org.modelc.codegen.llvm.gemm;

import java.util.Arrays;
import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Products of {@link Digits} with weights of four bits by {@code pmaddubsw}, which multiplies
 * unsigned bytes with signed ones and adds two products in an i16. A half of a byte times a digit
 * is no more than 15 × 128, so an i16 holds sixteen of them, whatever weights and digits are. Sums
 * of so many become i32.
 */
final class ShortSums {
  /** Groups of steps whose products an i16 holds: each has four of them in a lane of 16 bits. */
  static final int GROUPS = 4;

  private static final int HALVES = 2;

  private final FunctionWriter out;
  private final int lanes;
  private final String bytes;
  private final String shorts;
  private final String integers;

  ShortSums(FunctionWriter out, int lanes) {
    this.out = out;
    this.lanes = lanes;
    this.bytes = LlvmTypes.vector("i8", 4 * lanes);
    this.shorts = LlvmTypes.vector("i16", 2 * lanes);
    this.integers = LlvmTypes.vector("i32", lanes);
  }

  /**
   * Adds the products of some groups of steps, {@link #GROUPS} at most.
   *
   * @param rows where each row's digits of the first group are
   * @param weights where the bytes of each group's vectors are
   * @param sums of each row's vectors, one a digit; they are replaced
   */
  void multiply(List<Operand> rows, List<List<Operand>> weights, Operand[] sums) {
    Operand[] some = new Operand[sums.length];
    for (int group = 0; group < weights.size(); group++) {
      for (int half = 0; half < HALVES; half++) {
        int part = half;
        List<Operand> unsigned =
            weights.get(group).stream().map(place -> half(place, part)).toList();
        long on = (long) (group * HALVES + half) * Digits.STEP_BYTES;
        for (int row = 0; row < rows.size(); row++) {
          add(rows.get(row), on, unsigned, row, some);
        }
      }
      // Else LLVM adds products first that lie far apart, and registers do not do.
      Arrays.setAll(some, i -> out.disguised(some[i]));
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] = out.add(sums[i], widened(some[i]));
    }
  }

  private void add(Operand place, long on, List<Operand> unsigned, int row, Operand[] some) {
    for (int digit = 0; digit < Digits.COUNT; digit++) {
      Operand at = Operand.i64(on + digit * (long) Digits.STEPS);
      Operand four = out.splat(out.load("i32", out.address("i8", place, at)), lanes);
      for (int vector = 0; vector < unsigned.size(); vector++) {
        int number = (row * unsigned.size() + vector) * Digits.COUNT + digit;
        Operand pairs = pairs(unsigned.get(vector), four);
        some[number] = some[number] == null ? pairs : out.add(some[number], pairs);
      }
    }
  }

  /**
   * Halves of bytes as bytes; no vector of bytes can be shifted, so the high ones move in pairs.
   */
  private Operand half(Operand place, int half) {
    Operand whole = out.load(shorts, place);
    if (half > 0) {
      whole = out.binary("lshr", whole, Operand.integer("i16", 4).splatConstant(2 * lanes));
    }
    Operand mask = Operand.integer("i8", 0x0f).splatConstant(4 * lanes);
    return out.binary("and", out.convert("bitcast", whole, bytes), mask);
  }

  /** Adds the four signed bytes of each lane to its sum. */
  Operand counted(Operand sums, Operand quads) {
    Operand ones = Operand.integer("i8", 1).splatConstant(4 * lanes);
    return out.add(sums, widened(pairs(ones, quads)));
  }

  private Operand pairs(Operand unsigned, Operand signed) {
    String name = lanes == 16 ? "llvm.x86.avx512.pmaddubs.w.512" : "llvm.x86.avx2.pmadd.ub.sw";
    Operand right = out.convert("bitcast", signed, bytes);
    return IntegerArithmetic.intrinsic(out, name, shorts, List.of(unsigned, right));
  }

  private Operand widened(Operand some) {
    Operand ones = Operand.integer("i16", 1).splatConstant(2 * lanes);
    String name = IntegerArithmetic.pairs(lanes);
    return IntegerArithmetic.intrinsic(out, name, integers, List.of(some, ones));
  }
}
