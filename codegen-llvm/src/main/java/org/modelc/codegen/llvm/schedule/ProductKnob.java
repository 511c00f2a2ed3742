package org.modelc.codegen.llvm.schedule;

import java.util.Optional;
import org.modelc.codegen.llvm.IsaLevel;

/**
 * A number that says how a product runs. None changes a bit of the result: each sum is added in the
 * order of its depth, whatever its value.
 */
public enum ProductKnob {
  /** The most rows of a tile whose sums stay in registers. */
  TILE_ROWS("tileRows", 1, 1, 0),
  /** The most steps of a panel that all tiles of a block read before the next ones. */
  PART_STEPS("partSteps", 32, 32, 4096),
  /** The most tiles of rows that are packed at one go. */
  BLOCK_TILES("blockTiles", 1, 1, 8192),
  /** Whether a left factor that could be read as it lies is packed: 0 or 1. */
  PACK_LEFT("packLeft", 0, 1, 1),
  /** Tiles of rows up to which a right factor that can be read as it lies is. */
  DIRECT_TILES("directTiles", 0, 1, 4096),
  /** Lines of packed weights that a round of steps fetches ahead into the second cache. */
  FETCH_LINES("fetchLines", 0, 1, 4),
  /** Steps ahead that a right factor is fetched while it is brought into a panel. */
  FETCH_STEPS("fetchSteps", 0, 1, 64);

  private static final int MANY_ROWS = 14;

  private final String text;
  private final int least;
  private final int step;
  private final int most;

  ProductKnob(String text, int least, int step, int most) {
    this.text = text;
    this.least = least;
    this.step = step;
    this.most = most;
  }

  /** The name that files use, such as {@code tileRows}. */
  public String text() {
    return text;
  }

  /** The knob of a name. */
  public static Optional<ProductKnob> of(String text) {
    for (ProductKnob knob : values()) {
      if (knob.text.equals(text)) {
        return Optional.of(knob);
      }
    }
    return Optional.empty();
  }

  /** The least value. */
  public int least() {
    return least;
  }

  /** The greatest value at a level. */
  public int most(IsaLevel level) {
    return this == TILE_ROWS ? mostRows(level) : most;
  }

  /** Whether a value is possible at a level. */
  public boolean allows(long value, IsaLevel level) {
    return value >= least && value <= most(level) && value % step == 0;
  }

  /** The possible values at a level, for the reader. */
  public String range(IsaLevel level) {
    String some = step == 1 ? "a whole number" : "a multiple of " + step;
    return some + " from " + least + " to " + most(level);
  }

  /** Rows of a tile whose sums, one row of the right factor and one element of the left fit. */
  private static int mostRows(IsaLevel level) {
    // Without fma the product needs a register, too.
    int spare = level.hasFma() ? 4 : 8;
    return Math.min((level.registers() - spare) / 2, MANY_ROWS);
  }
}
