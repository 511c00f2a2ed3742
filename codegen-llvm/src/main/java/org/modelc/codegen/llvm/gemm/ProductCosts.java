package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.schedule.ProductChoices;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.runtime.spec.Dim;

/**
 * The cost model of products: which schedule a target's registers and caches ask for, and which
 * others are worth a try.
 *
 * @param tile the target's largest
 */
record ProductCosts(Contraction product, TargetDescription target, RegisterTile tile)
    implements ProductChoices {
  /** Tiles of rows up to which the right factor is read as it lies. */
  private static final int FEW_TILES = 2;

  /** More tiles than any product has that is worth reading so. */
  private static final int MANY_TILES = 16;

  /** Panels of columns from which on a packed left factor saves more than packing costs. */
  private static final long SOME_PANELS = 3;

  private static final long UNKNOWN_DEPTH_TILES = 16;

  /** Steps that are packed at one go, where there can be many. */
  static final long DEPTH_BLOCK = 1024;

  private static final long LARGEST_DEPTH = 4096;

  /** Steps of a part of a panel are a multiple of these. */
  private static final long WHOLE_STEPS = 32;

  /** A part of a panel takes one of so many parts of the second cache. */
  private static final long PART_OF_CACHE = 8;

  /** Bytes of a block of the left factor, in second caches, that a schedule may ask for. */
  private static final long MOST_CACHES = 4;

  static ProductCosts of(Contraction product, TargetDescription target) {
    return new ProductCosts(product, target, RegisterTile.of(target, product.dtype()));
  }

  @Override
  public ProductSchedule model() {
    Map<ProductKnob, Integer> values = new EnumMap<>(ProductKnob.class);
    for (ProductKnob knob : ProductKnob.values()) {
      values.put(knob, (int) model(knob));
    }
    return new ProductSchedule(values);
  }

  private long model(ProductKnob knob) {
    return switch (knob) {
      case TILE_ROWS -> tile.rows();
      case PART_STEPS -> longestPart();
      case BLOCK_TILES -> blockTiles(tile.rows());
      case PACK_LEFT -> paysToPack() ? 1 : 0;
      case DIRECT_TILES -> FEW_TILES;
      case FETCH_LINES -> MicroKernel.Fetch.MODEL.lines();
      case FETCH_STEPS -> MicroKernel.Fetch.MODEL.steps();
    };
  }

  /**
   * Whether the depth is cut: where packing all of it could take any amount of memory, and where a
   * long left factor lies step by step. Each step of that is in a page of its own, so it is packed.
   */
  boolean isDeep() {
    Dim steps = product.depth();
    boolean isLong = !steps.isStatic() || steps.value() > DEPTH_BLOCK;
    if (isLong && product.plainStore() != null && product.isLeftTurned()) {
      return true;
    }
    boolean asTheyLie = canReadLeft() && (product.isRightInRows() || isPackedBefore());
    return !asTheyLie && !(steps.isStatic() && steps.value() <= LARGEST_DEPTH);
  }

  /** Steps that are added at one go. */
  Dim blockDepth() {
    return isDeep() ? Dim.constant(DEPTH_BLOCK) : product.depth();
  }

  private boolean canReadLeft() {
    return product.isLeftInRows() || product.isLeftTurned();
  }

  private boolean isPackedBefore() {
    return product.rightPanels() != null;
  }

  /**
   * Whether rows that could be read as they lie are brought into panels: microkernels are faster
   * there, and each element is used once for each panel of columns.
   */
  private boolean paysToPack() {
    Dim columns = product.columnCount();
    boolean few = columns.isStatic() && columns.value() <= SOME_PANELS * tile.columns();
    return depthIsBounded() && !few;
  }

  /** Whether all of it can be packed. */
  private boolean depthIsBounded() {
    Dim depth = blockDepth();
    return depth.isStatic() && depth.value() <= LARGEST_DEPTH;
  }

  /** Half the second cache; blocks are alike in size. */
  private long blockTiles(int rows) {
    if (!blockDepth().isStatic()) {
      return UNKNOWN_DEPTH_TILES;
    }
    long most = Math.max(2, target.secondCacheBytes() / 2 / tileBytes());
    Dim all = product.rowCount();
    if (!all.isStatic()) {
      return most;
    }
    long count = Math.max(1, (all.value() + rows - 1) / rows);
    long blocks = (count + most - 1) / most;
    return (count + blocks - 1) / blocks;
  }

  /** Bytes of a packed tile of the left factor. */
  private long tileBytes() {
    return Math.max(1, blockDepth().value()) * tile.leftStep();
  }

  /**
   * The most steps of a part: those of the right factor stay in the second cache beside a block of
   * the left one, while each tile of the block reads them. A step of both factors is a few lines
   * for all its multiply-adds, which the second cache gives sooner than they are done; sums that
   * wait for a next part go through memory.
   */
  private long longestPart() {
    long steps = target.secondCacheBytes() / PART_OF_CACHE / tile.rightStep();
    return Math.max(1, steps / WHOLE_STEPS) * WHOLE_STEPS;
  }

  @Override
  public List<ProductSchedule> variations(ProductKnob knob, ProductSchedule from) {
    Set<ProductSchedule> all = new LinkedHashSet<>();
    for (int value : values(knob, from)) {
      if (knob.allows(value, target.level())) {
        ProductSchedule next = from.with(knob, value);
        if (knob == ProductKnob.TILE_ROWS) {
          next = next.with(ProductKnob.BLOCK_TILES, (int) blockTiles(value));
        }
        all.add(next);
      }
    }
    all.remove(from);
    all.removeIf(each -> mistake(each).isPresent());
    return new ArrayList<>(all);
  }

  private List<Integer> values(ProductKnob knob, ProductSchedule from) {
    int now = from.value(knob);
    boolean copies = product.isRightInRows() && !isPackedBefore();
    return switch (knob) {
      case TILE_ROWS -> fewerRows();
      case PART_STEPS ->
          cuts() ? List.of(now / 8 / 32 * 32, now / 2 / 32 * 32, now * 2) : List.of();
      case BLOCK_TILES -> blocks(now);
      case PACK_LEFT -> canReadLeft() && depthIsBounded() ? List.of(1 - now) : List.of();
      case DIRECT_TILES -> copies ? List.of(0, FEW_TILES, MANY_TILES) : List.of();
      case FETCH_LINES ->
          isPackedBefore() ? List.of(0, 1, (int) MicroKernel.linesOfRound(tile)) : List.of();
      case FETCH_STEPS -> copies ? List.of(0, 6, 24) : List.of();
    };
  }

  /** Rows of tiles that take fewer registers, where a product has more than one tile of them. */
  private List<Integer> fewerRows() {
    Dim all = product.rowCount();
    List<Integer> rows = new ArrayList<>();
    int most = tile.rows();
    for (int fewer = most - 1; fewer >= 4 && fewer >= most / 2; fewer--) {
      boolean isNew =
          all.isStatic()
              ? all.value() > fewer && dealt(all.value(), fewer) != dealt(all.value(), fewer + 1)
              : (most - fewer) % 2 == 0;
      if (isNew) {
        rows.add(fewer);
      }
    }
    return rows;
  }

  /** Rows of the largest tile, where they are dealt out evenly. */
  private static long dealt(long all, long most) {
    long tiles = (all + most - 1) / most;
    return (all + tiles - 1) / tiles;
  }

  private boolean cuts() {
    Dim depth = blockDepth();
    return !depth.isStatic() || depth.value() > longestPart() / 8;
  }

  private List<Integer> blocks(int now) {
    boolean one = product.rowCount().isStatic() && product.rowCount().value() <= tile.rows();
    return one ? List.of() : List.of((now + 1) / 2, now * 2, now * 4);
  }

  @Override
  public Optional<String> mistake(ProductSchedule schedule) {
    int tiles = schedule.value(ProductKnob.BLOCK_TILES);
    if (!blockDepth().isStatic() || tiles <= blockTiles(tile.rows())) {
      return Optional.empty();
    }
    long most = Math.max(2, MOST_CACHES * target.secondCacheBytes() / tileBytes());
    return tiles <= most
        ? Optional.empty()
        : Optional.of(
            ProductKnob.BLOCK_TILES.text()
                + " of "
                + tiles
                + " would take "
                + (tiles * tileBytes() >> 20)
                + " MiB a worker; "
                + most
                + " is the most for this product");
  }
}
