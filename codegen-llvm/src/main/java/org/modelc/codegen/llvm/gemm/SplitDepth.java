package org.modelc.codegen.llvm.gemm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.emit.JoinOfParts;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * A product of few tiles over a long depth in two nests, so that all workers have a part (split-K):
 * first the products of each of eight parts of the depth, then the sums of these in order. Which
 * products are split, and where, depends on shapes alone, so bits do not depend on the workers.
 */
final class SplitDepth {
  private static final int PARTS = 8;

  // A tile, about, whatever the level: bits of sums are the same at those that have fma.
  private static final long TILE_ROWS = 14;
  private static final long TILE_COLUMNS = 32;

  /** Tiles that give workers enough to do as they are. */
  private static final long ENOUGH_TILES = 8;

  /** Steps from which on parts are worth being added up. */
  private static final long LONG = 2048;

  /** Taken for a dim that is known only at a call. */
  private static final int ASSUMED_EXTENT = 64;

  private SplitDepth() {}

  /** The two nests, or null if one will do. */
  static JoinOfParts of(Contraction product, ProgramWriter program) {
    LoopNest nest = product.nest();
    if (nest.reduce().size() != 1 || product.rightPanels() != null || !hasFewTiles(product)) {
      return null;
    }
    Axis depth = nest.reduce().get(0);
    Dim steps = depth.extent().dividedExactly(Dim.constant(PARTS));
    return steps == null || assumed(depth.extent()) < LONG
        ? null
        : split(nest, depth, steps, program);
  }

  private static boolean hasFewTiles(Contraction product) {
    Dim batch = Contraction.extent(product.batch());
    Dim rows = product.rowCount();
    Dim columns = product.columnCount();
    if (!batch.isStatic() || !rows.isStatic() || !columns.isStatic()) {
      return false;
    }
    long down = (rows.value() + TILE_ROWS - 1) / TILE_ROWS;
    long across = (columns.value() + TILE_COLUMNS - 1) / TILE_COLUMNS;
    return batch.value() * down * across < ENOUGH_TILES;
  }

  private static long assumed(Dim extent) {
    Map<String, Integer> dims = new HashMap<>();
    extent.symbols().forEach(symbol -> dims.put(symbol, ASSUMED_EXTENT));
    return extent.evaluate(dims);
  }

  private static JoinOfParts split(LoopNest nest, Axis depth, Dim steps, ProgramWriter program) {
    Axis part = new Axis("part", Dim.constant(PARTS));
    Expr step = part.variable().times(Expr.size(steps)).plus(depth.variable());
    return JoinOfParts.of(
        nest,
        part,
        List.of(new Axis(depth.name(), steps)),
        body -> ExprWalk.substitute(body, Map.of(depth.name(), step)),
        program);
  }
}
