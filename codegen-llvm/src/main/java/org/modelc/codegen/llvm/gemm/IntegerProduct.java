package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;

/**
 * A nest as a matrix product of bytes that adds up in i32, or of floats with integers of few bits.
 *
 * @param whole the nest as a product of what is added
 * @param left the bytes or floats of the rows
 * @param right the bytes of the columns
 * @param tile how it is multiplied
 * @param panels the panels that {@code right} lies in; null if it is packed at the call
 */
record IntegerProduct(
    Contraction whole, Expr left, Expr right, IntegerTile tile, IntegerPanels panels) {
  /** Rows from which on it pays to pack the right factor at the call. */
  private static final long FEW_ROWS = 3;

  /** Longer rows would not fit a worker's memory. */
  static final long LARGEST_DEPTH = 1 << 17;

  /** The best reading of a nest as such a product, or null if there is none. */
  static IntegerProduct of(LoopNest nest, TargetDescription target) {
    IntegerProduct best = null;
    for (ProductReading reading : ProductReading.of(nest)) {
      IntegerProduct candidate = of(reading, target);
      if (candidate != null && (best == null || candidate.isBetterThan(best))) {
        best = candidate;
      }
    }
    return best;
  }

  private static IntegerProduct of(ProductReading reading, TargetDescription target) {
    LoopNest nest = reading.nest();
    List<Axis> inner = nest.reduce();
    boolean known = inner.size() == 1 && inner.get(0).extent().isStatic();
    if (reading.columns().isEmpty() || !known || inner.get(0).extent().value() > LARGEST_DEPTH) {
      return null;
    }
    Contraction whole =
        new Contraction(
            nest,
            reading.batch(),
            reading.rows(),
            reading.columns(),
            reading.left(),
            reading.right());
    if (sumsFloats(nest)) {
      IntegerProduct wide = ofFloats(whole, false, target);
      return wide != null ? wide : ofFloats(whole, true, target);
    } else if (!sumsIntegers(nest)) {
      return null;
    }
    long depth = inner.get(0).extent().value();
    for (boolean nibbles : new boolean[] {false, true}) {
      IntegerArithmetic best = IntegerArithmetic.ofWeights(target.level(), nibbles, depth);
      IntegerProduct packed = packed(whole, bytes(whole.left()), best, target);
      if (packed != null) {
        return packed;
      }
    }
    return atTheCall(whole, target);
  }

  private static IntegerProduct ofFloats(
      Contraction whole, boolean nibbles, TargetDescription target) {
    long depth = whole.nest().reduce().get(0).extent().value();
    IntegerArithmetic best = IntegerArithmetic.ofFloats(target.level(), nibbles, depth);
    return packed(whole, whole.left(), best, target);
  }

  private static IntegerProduct packed(
      Contraction whole, Expr left, IntegerArithmetic arithmetic, TargetDescription target) {
    Expr right = bytes(whole.right());
    IntegerTile tile = IntegerTile.of(target, arithmetic);
    IntegerPanels panels =
        left == null || right == null
            ? null
            : IntegerPanels.read(right, whole.columns(), whole.nest().reduce(), tile);
    return panels == null ? null : new IntegerProduct(whole, left, right, tile, panels);
  }

  private static IntegerProduct atTheCall(Contraction whole, TargetDescription target) {
    Expr left = bytes(whole.left());
    Expr right = bytes(whole.right());
    boolean few = whole.rowCount().isStatic() && whole.rowCount().value() < FEW_ROWS;
    if (left == null || right == null || few) {
      return null;
    }
    IntegerTile tile = IntegerTile.of(target, IntegerArithmetic.plain(target.level()));
    return new IntegerProduct(whole, left, right, tile, null);
  }

  static boolean sumsIntegers(LoopNest nest) {
    LoopNest.Reduction reduction = nest.reductions().get(0);
    return reduction.dtype() == DType.I32
        && reduction.initial() instanceof Expr.IntConst initial
        && initial.value() == 0;
  }

  static boolean sumsFloats(LoopNest nest) {
    LoopNest.Reduction reduction = nest.reductions().get(0);
    return reduction.dtype() == DType.F32
        && reduction.initial() instanceof Expr.Const initial
        && initial.value() == 0;
  }

  /** What a factor widens to i32, and that perhaps to f32, if that is of bytes; else null. */
  static Expr bytes(Expr factor) {
    if (!(factor instanceof Expr.Cast cast)) {
      return null;
    }
    boolean widened = cast.dtype() == DType.I32 && cast.operand().dtype() == DType.I8;
    return widened ? cast.operand() : cast.dtype() == DType.F32 ? bytes(cast.operand()) : null;
  }

  /** The same product as many rows are multiplied, over the same panels. */
  IntegerProduct ofManyRows(TargetDescription target) {
    IntegerArithmetic best = tile.arithmetic().ofManyRows(target.level());
    return best == tile.arithmetic()
        ? this
        : new IntegerProduct(whole, left, right, IntegerTile.of(target, best), panels);
  }

  long depth() {
    return inner().extent().value();
  }

  Axis inner() {
    return whole.nest().reduce().get(0);
  }

  private boolean isBetterThan(IntegerProduct other) {
    if ((panels == null) != (other.panels == null)) {
      return panels != null;
    }
    return storesInOrder() && !other.storesInOrder();
  }

  private boolean storesInOrder() {
    String last = whole.columns().get(whole.columns().size() - 1).name();
    return whole.nest().stores().stream()
        .allMatch(
            store -> {
              AffineIndex place = AffineIndex.flat(store.buffer(), store.index());
              return place != null && place.coefficient(last).is(1);
            });
  }
}
