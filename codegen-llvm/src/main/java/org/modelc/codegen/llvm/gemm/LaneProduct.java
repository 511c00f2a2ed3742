package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.Axis;
import org.modelc.runtime.spec.Dim;

/**
 * Sums over lines, computed with the rows of the left factor in lanes: a part of it is turned
 * round, and the right factor's elements are read where they lie. No lane is idle where lines are
 * not whole vectors, and none are joined; but there have to be enough channels and rows.
 *
 * @param inner the sums
 * @param tile the registers of a level
 */
record LaneProduct(InnerProduct inner, RegisterTile tile) {
  /** Channels below which a tile has too few rows to hide the instructions around it. */
  private static final long FEWEST_CHANNELS = 6;

  /** The most places of a part of the lines: two megabytes of a worker's memory. */
  private static final long MOST_PLACES = 1 << 14;

  /** The most sums that a worker keeps. */
  private static final long MOST_SUMS = 1 << 22;

  /** Elements between channels that are still next to each other. */
  private static final long NEAR = 16;

  /** What copied channels may take of the first cache. */
  private static final long MOST_COPIED_BYTES = 24 << 10;

  /** The sums in this way, or null if they are better done in another. */
  static LaneProduct of(InnerProduct inner, TargetDescription target) {
    WindowProduct product = inner.product();
    LaneProduct lanes = new LaneProduct(inner, RegisterTile.of(target, product.dtype()));
    if (inner.outer().isEmpty()
        || !lanes.channel().extent().isStatic()
        || lanes.channel().extent().value() < FEWEST_CHANNELS
        || inner.row().extent().value() < lanes.tile.lanes()
        || !product.isKnown(lanes.inside())
        || !lanes.canBeRead()) {
      return null;
    }
    Dim sums = lanes.tasks().times(lanes.sums());
    boolean fits = lanes.places() <= MOST_PLACES && sums.isStatic() && sums.value() <= MOST_SUMS;
    return fits ? lanes : null;
  }

  /** The axis of the right factor whose elements are a tile's rows. */
  Axis channel() {
    return inner.outer().get(inner.outer().size() - 1);
  }

  /** The other axes that windows are counted by. */
  List<Axis> others() {
    return inner.outer().subList(0, inner.outer().size() - 1);
  }

  /** The outermost axis that is summed over: a part is one of its elements. */
  Axis part() {
    return inner.lines().get(0);
  }

  /** The axes that are summed over within a part, outermost first. */
  List<Axis> inside() {
    List<Axis> all = inner.product().nest().reduce();
    return all.subList(1, all.size());
  }

  /** Elements of a row of the left factor in a part. */
  long places() {
    return Contraction.extent(inside()).value();
  }

  /** How many blocks of rows stand in lanes. */
  long blocks() {
    long columns = tile.columns();
    return (inner.row().extent().value() + columns - 1) / columns;
  }

  /** How many tiles of channels there are. */
  long channelTiles() {
    return (channel().extent().value() + tile.rows() - 1) / tile.rows();
  }

  /** Tasks of one block of rows. */
  Dim tasksOfBlock() {
    return Contraction.extent(others()).times(channelTiles());
  }

  /** A task is a block of rows and a tile of channels, for all places of the window. */
  Dim tasks() {
    return tasksOfBlock().times(blocks());
  }

  /** Sums of a task. */
  long sums() {
    return (long) inner.places() * tile.rows() * tile.columns();
  }

  /** Elements of a channel that a part reads, from its first on. */
  long span() {
    long span = 1;
    for (Axis axis : inside()) {
      span += (axis.extent().value() - 1) * channelStep(axis);
    }
    long furthest = 0;
    for (int place = 0; place < inner.places(); place++) {
      furthest = Math.max(furthest, inner.offset(place));
    }
    return span + furthest;
  }

  /**
   * Whether channels are copied to where they lie close to each other: their distance is known only
   * at a call, or so large that the same places of a tile's channels would drive each other out of
   * the first cache.
   */
  boolean isGathered() {
    Long step = WindowProduct.step(inner.product().rightPlace(), channel());
    return step == null || (step > span() + NEAR && canBeCopied());
  }

  private boolean canBeRead() {
    return WindowProduct.step(inner.product().rightPlace(), channel()) != null || canBeCopied();
  }

  /** Whether few elements follow the first one of a channel. */
  private boolean canBeCopied() {
    boolean forward =
        inside().stream().allMatch(axis -> channelStep(axis) >= 0)
            && inner.window().stream().allMatch(axis -> channelStep(axis) >= 0);
    return forward && span() * tile.rows() * tile.bytes() <= MOST_COPIED_BYTES;
  }

  private long channelStep(Axis axis) {
    return WindowProduct.step(inner.product().rightPlace(), axis);
  }

  /** Elements from channel to channel as a kernel reads them. */
  long rowStep() {
    long line = (span() + NEAR - 1) / NEAR * NEAR;
    return isGathered() ? line : channelStep(channel());
  }

  /** The steps of a sum within a part; the turned factor's places follow each other. */
  List<WindowKernel.Step> steps() {
    return WindowProduct.steps(inner.product().rightPlace(), inside(), tile.columns());
  }
}
