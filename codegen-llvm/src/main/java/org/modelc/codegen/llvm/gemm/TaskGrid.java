package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.Operand;

/**
 * How workers share a product: every batch is cut along its columns or its rows into as many parts
 * as are needed to give each worker one. An element's sum does not depend on the cut.
 *
 * @param batches products of their own
 * @param rowParts parts of the tiles of rows
 * @param columnParts parts of the panels of columns
 * @param first the worker's first task
 * @param end the task after its last
 */
record TaskGrid(
    Operand batches, Operand rowParts, Operand columnParts, Operand first, Operand end) {
  /** Multiplications that do not pay a second worker. */
  private static final long LITTLE_WORK = 1 << 15;

  /** Panels a worker from which on an uneven cut does not matter. */
  private static final long MANY_PANELS = 4;

  /**
   * @param work the number of multiplications
   */
  static TaskGrid of(
      Operand work,
      Operand batches,
      Operand tiles,
      Operand panels,
      Operand worker,
      Operand workers,
      Arithmetic math) {
    Operand one = Operand.i64(1);
    Operand little = math.isBelow(work, Operand.i64(LITTLE_WORK));
    Operand team = math.select(little, one, workers);
    Operand some = math.maximum(one, batches);
    Operand parts = math.divide(math.add(team, math.subtract(some, one)), some);
    Operand even = math.out().compare("icmp eq", math.remainder(panels, parts), Operand.i64(0));
    Operand many = math.isBelow(math.times(parts, MANY_PANELS - 1), panels);
    Operand fewTiles = math.isBelow(tiles, parts);
    Operand byColumns = math.out().binary("or", math.out().binary("or", even, many), fewTiles);
    Operand ofColumns = math.maximum(one, math.minimum(parts, panels));
    Operand columnParts = math.select(byColumns, ofColumns, one);
    Operand rowParts = math.select(byColumns, one, math.minimum(parts, tiles));
    Operand tasks = math.times(math.times(batches, columnParts), rowParts);
    Operand takesPart = math.isBelow(worker, team);
    Operand none = Operand.i64(0);
    Operand next = math.add(worker, one);
    Operand first = math.select(takesPart, math.bound(tasks, worker, team), none);
    Operand end = math.select(takesPart, math.bound(tasks, next, team), none);
    return new TaskGrid(batches, rowParts, columnParts, first, end);
  }
}
