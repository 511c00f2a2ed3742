package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;

/**
 * A convolution of bytes: rows are those of the kernel, columns run along joined lines of the
 * padded picture.
 *
 * @param run how columns are joined
 * @param tile how it is multiplied
 * @param depth steps of a sum
 */
record IntegerWindow(SlidingRun run, IntegerTile tile, long depth) {
  /** What is added to pixels that an instruction takes unsigned. */
  static final int OFFSET = 128;

  /** Fewer rows do not pay for the packing of the pixels. */
  private static final long FEWEST_ROWS = 4;

  private static final long LARGEST_DEPTH = 1 << 13;

  /** The longest run of a nest's readings, or null. */
  static IntegerWindow of(LoopNest nest, TargetDescription target) {
    IntegerWindow best = null;
    for (ProductReading reading : ProductReading.of(nest)) {
      IntegerWindow window = of(reading, target);
      if (window != null && (best == null || window.run.longest() > best.run.longest())) {
        best = window;
      }
    }
    return best;
  }

  static IntegerWindow of(ProductReading reading, TargetDescription target) {
    Expr pixels = withoutOffset(reading.right());
    boolean offset = pixels != reading.right();
    if (!IntegerProduct.sumsIntegers(reading.nest())
        || offset && !target.level().hasDotProducts()
        || !(IntegerProduct.bytes(reading.left()) instanceof Expr.Load left)
        || !(IntegerProduct.bytes(pixels) instanceof Expr.Load right)) {
      return null;
    }
    WindowProduct product =
        new WindowProduct(
            reading.nest(), reading.batch(), reading.rows(), reading.columns(), left, right);
    if (product.leftPlace() == null || product.rightPlace() == null) {
      return null;
    }
    SlidingRun run = SlidingRun.of(product);
    if (run == null || product.rows().isEmpty() || !isInOrder(product)) {
      return null;
    }
    long depth = Contraction.extent(reading.nest().reduce()).value();
    long rows = product.rows().get(0).extent().value();
    IntegerArithmetic arithmetic =
        offset ? IntegerArithmetic.TURNED_QUADS : IntegerArithmetic.plain(target.level());
    return rows < FEWEST_ROWS || depth > LARGEST_DEPTH
        ? null
        : new IntegerWindow(run, IntegerTile.of(target, arithmetic), depth);
  }

  static Expr withOffset(Expr pixels) {
    return pixels.plus(Expr.integer(OFFSET));
  }

  private static Expr withoutOffset(Expr pixels) {
    boolean moved =
        pixels instanceof Expr.Apply sum && sum.equals(withOffset(sum.operands().get(0)));
    return moved ? ((Expr.Apply) pixels).operands().get(0) : pixels;
  }

  /** Whether the steps of a row of the kernel follow each other. */
  private static boolean isInOrder(WindowProduct product) {
    long next = 1;
    for (int i = product.nest().reduce().size() - 1; i >= 0; i--) {
      Axis axis = product.nest().reduce().get(i);
      if (WindowProduct.step(product.leftPlace(), axis) != next) {
        return false;
      }
      next *= axis.extent().value();
    }
    return true;
  }

  boolean hasOffset() {
    return tile.arithmetic() == IntegerArithmetic.TURNED_QUADS;
  }

  WindowProduct product() {
    return run.product();
  }
}
