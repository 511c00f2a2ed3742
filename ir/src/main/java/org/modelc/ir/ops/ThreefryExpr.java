package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/** {@link Threefry} as kernel expressions on i32, which wrap: the same bits on every backend. */
final class ThreefryExpr {
  private ThreefryExpr() {}

  /** Two random words for a key and a counter of two words each. */
  static List<Expr> words(List<Expr> key, List<Expr> counter) {
    Expr parity = xor(xor(Expr.integer(Threefry.PARITY), key.get(0)), key.get(1));
    List<Expr> schedule = List.of(key.get(0), key.get(1), parity);
    Expr x = counter.get(0).plus(schedule.get(0));
    Expr y = counter.get(1).plus(schedule.get(1));
    for (int round = 0; round < Threefry.ROUNDS; round++) {
      x = x.plus(y);
      y = xor(rotate(y, Threefry.rotation(round)), x);
      if (round % 4 == 3) {
        int injection = round / 4 + 1;
        x = x.plus(schedule.get(injection % 3));
        y = y.plus(schedule.get((injection + 1) % 3)).plus(Expr.integer(injection));
      }
    }
    return List.of(x, y);
  }

  private static Expr xor(Expr left, Expr right) {
    return Expr.apply(ScalarOp.XOR, left, right);
  }

  private static Expr rotate(Expr word, int bits) {
    Expr high = Expr.apply(ScalarOp.SHIFT_LEFT, word, Expr.integer(bits));
    Expr low = Expr.apply(ScalarOp.SHIFT_RIGHT_UNSIGNED, word, Expr.integer(32 - bits));
    return Expr.apply(ScalarOp.OR, high, low);
  }

  /** The low and the high word of an i64; conversion of integers keeps the low bits. */
  static List<Expr> split(Expr number) {
    Expr shift = new Expr.IntConst(DType.I64, 32);
    Expr high = Expr.apply(ScalarOp.SHIFT_RIGHT_UNSIGNED, number, shift);
    return List.of(Expr.cast(DType.I32, number), Expr.cast(DType.I32, high));
  }

  /** The key of a site at a step, as {@link Threefry#key}. */
  static List<Expr> key(Expr seed, String site, Expr step) {
    int[] hash = Threefry.split(Threefry.hash(site));
    List<Expr> siteWords = List.of(Expr.integer(hash[0]), Expr.integer(hash[1]));
    return words(words(split(seed), siteWords), split(step));
  }
}
