package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.runtime.spec.Dim;

/**
 * Writes the computation of one tile: the call of a microkernel, which writes bare sums to where
 * they belong; or to a tile in the first cache, which the epilogue stores from.
 */
final class TileWriter {
  private static final int CACHE_LINE = 64;

  private final Contraction product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final RegisterTile tile;
  private final RowTiles tiles;
  private final KernelChoice kernels;
  private final Scope batch;
  private final Steps steps;
  private final Dim room;
  private final AffineIndex plain;
  private final Epilogue epilogue;
  private final MicroKernel.Fetch fetch;

  /**
   * Columns of the right factor.
   *
   * @param source their first step
   * @param stride bytes from step to step
   * @param first the first column
   * @param width how many there are
   * @param vectors the vectors that hold them; the last may be more than what is left
   * @param panel where they are brought on the way, or null
   * @param isPanel whether the source is a panel, which holds whole vectors
   * @param apart bytes from panel to panel, where there are several; else 0
   */
  record Strip(
      Operand source,
      Operand stride,
      Operand first,
      Operand width,
      int vectors,
      Operand panel,
      boolean isPanel,
      long apart) {}

  /**
   * Some of the steps that the writer is for.
   *
   * @param steps counted from the writer's first; the first ones begin sums, the last finish them
   * @param slot which of the places for unfinished tiles is the tile's
   */
  record Part(Steps steps, Operand slot) {}

  TileWriter(
      Contraction product,
      KernelFunction function,
      RegisterTile tile,
      RowTiles tiles,
      Scope batch,
      Steps steps,
      Dim room,
      MicroKernel.Fetch fetch) {
    this.fetch = fetch;
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.tile = tile;
    this.tiles = tiles;
    this.kernels = new KernelChoice(tile, tiles, out);
    this.batch = batch;
    this.steps = steps;
    this.room = room;
    this.plain = product.plainStore();
    this.epilogue = new Epilogue(product, function, tile.lanes());
  }

  /** Room for the largest tile, wide ones of few rows too. */
  static long bytes(RegisterTile tile, TargetDescription target) {
    long elements = 0;
    for (int rows = 1; rows <= tile.rows(); rows++) {
      int vectors = Math.max(tile.vectors(), tile.wideVectors(rows, target));
      elements = Math.max(elements, (long) rows * vectors * tile.lanes());
    }
    return (elements * tile.bytes() + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  }

  RowTiles tiles() {
    return tiles;
  }

  /** Computes a tile of some rows and columns at one go. */
  void write(Operand number, LeftTiles.Prepared a, Strip strip) {
    write(number, a, strip, new Part(Steps.all(steps.count()), Operand.i64(0)));
  }

  /** Adds some steps to a tile of some rows and columns, and finishes it with the last. */
  void write(Operand number, LeftTiles.Prepared a, Strip strip, Part part) {
    Operand whole = Operand.i64((long) strip.vectors * tile.lanes());
    math.when(
        math.isBelow(strip.width, whole),
        () -> write(number, a, strip, part, true),
        () -> write(number, a, strip, part, false));
  }

  private void write(Operand number, LeftTiles.Prepared a, Strip strip, Part part, boolean masked) {
    if (plain != null) {
      Operand target = output(tiles.first(number), strip.first);
      call(number, a, strip, part, masked, target, function.dim(rowStride()));
      return;
    }
    Operand finished = math.both(steps.areLast(), part.steps.areLast());
    boolean partMasked = masked && !strip.isPanel;
    math.when(finished, () -> fetch(number, strip));
    if (steps.areLast().equals(Operand.TRUE)) {
      int columns = strip.vectors * tile.lanes();
      Operand stride = Operand.i64((long) columns * tile.bytes());
      Operand place = math.on(sums(), math.times(part.slot, bytes(tile)));
      call(number, a, strip, part, partMasked, place, stride);
      math.when(finished, () -> store(number, strip, place, Operand.i64(columns)));
      return;
    }
    Operand columns = function.dim(paddedColumns());
    Operand first = tiles.first(number);
    Operand at = math.add(math.times(first, columns), strip.first);
    Operand sums = out.address(LlvmTypes.value(product.dtype()), sums(), at);
    call(number, a, strip, part, partMasked, sums, math.times(columns, tile.bytes()));
    math.when(finished, () -> store(number, strip, sums, columns));
  }

  /** Bytes of a tile of ordinary columns. */
  private static long bytes(RegisterTile tile) {
    return (long) tile.rows() * tile.columns() * tile.bytes();
  }

  /**
   * Memory for sums that are not stored yet: of a tile, of some tiles, or of the whole product; the
   * worker's first.
   */
  private Operand sums() {
    return function.scratch(Dim.ZERO, room);
  }

  /**
   * The bytes that a product needs for sums that are not stored yet.
   *
   * @param slots tiles that are unfinished at one time
   */
  static Dim room(
      Contraction product, RegisterTile tile, TargetDescription target, Steps steps, long slots) {
    long bytes = Math.max(bytes(tile, target), slots * bytes(tile));
    if (steps.areLast().equals(Operand.TRUE) || product.plainStore() != null) {
      return Dim.constant(bytes);
    }
    Dim columns = product.columnCount().plus(tile.columns());
    return product.rowCount().times(columns).times(tile.bytes()).plus(bytes);
  }

  private Dim paddedColumns() {
    return product.columnCount().plus(tile.columns());
  }

  private void fetch(Operand number, Strip strip) {
    epilogue.fetch(
        batch, tiles.first(number), tiles.rows(number), strip.first, strip.vectors * tile.lanes());
  }

  private void store(Operand number, Strip strip, Operand sums, Operand columns) {
    epilogue.store(
        batch,
        tiles.first(number),
        tiles.rows(number),
        strip.first,
        strip.width,
        strip.vectors,
        sums,
        columns);
  }

  private void call(
      Operand number,
      LeftTiles.Prepared a,
      Strip strip,
      Part part,
      boolean masked,
      Operand target,
      Operand targetStride) {
    Operand kernel = kernel(number, strip, a.left(), masked);
    Operand begins = math.both(steps.areFirst(), part.steps.areFirst());
    Operand from = part.steps.from();
    boolean isRows = a.left() == MicroKernel.Left.ROWS;
    Operand leftStep = isRows ? Operand.i64(tile.bytes()) : a.stride();
    Operand panelStep = Operand.i64(tile.rightStep());
    String element = LlvmTypes.value(product.dtype());
    out.callAddress(
        kernel,
        math.on(a.address(), math.times(from, leftStep)),
        a.stride(),
        math.on(strip.source, math.times(from, strip.stride)),
        strip.stride,
        target,
        targetStride,
        part.steps.count(),
        Operand.number(element, product.initial()),
        math.not(begins),
        strip.width,
        strip.panel == null
            ? MicroKernel.NO_PANEL
            : math.on(strip.panel, math.times(from, panelStep)),
        strip.isPanel && strip.apart == 0 ? ahead(number, part) : Operand.i64(0));
  }

  /**
   * How far before itself a tile fetches a panel that was packed beforehand: weights come from
   * afar, and the part that follows is read next. Each tile takes a line of a round, so that some
   * tiles together fetch all. Panels that were just made are near.
   */
  private Operand ahead(Operand number, Part part) {
    if (product.rightPanels() == null) {
      return Operand.i64(0);
    }
    Operand next = math.times(part.steps.count(), tile.rightStep());
    Operand line =
        math.remainder(
            math.times(number, fetch.lines()), Operand.i64(MicroKernel.linesOfRound(tile)));
    return math.add(next, math.times(line, CACHE_LINE));
  }

  private Operand kernel(Operand number, Strip strip, MicroKernel.Left left, boolean masked) {
    boolean one = isOneKernel(strip);
    MicroKernel.Right right =
        strip.panel != null
            ? MicroKernel.Right.COPIED
            : strip.isPanel || isPanelTile(strip, masked) || one
                ? MicroKernel.Right.PANEL
                : MicroKernel.Right.STEPS;
    return kernels.function(
        number,
        new MicroKernel.Kind(strip.vectors, left, right, masked || one, strip.apart, 0, fetch));
  }

  /** Whether the kernel that reads panels does for columns as they lie: it is one function less. */
  private boolean isPanelTile(Strip strip, boolean masked) {
    return !masked && strip.vectors == tile.vectors();
  }

  /** Whether a masked kernel does for whole vectors, too: columns of less than a panel, AVX-512. */
  private boolean isOneKernel(Strip strip) {
    return tile.elementOperands() && strip.vectors < tile.vectors();
  }

  private Dim rowStride() {
    return product.rows().isEmpty()
        ? Dim.ZERO
        : plain.coefficient(product.rows().get(0).name()).times(tile.bytes());
  }

  private Operand output(Operand row, Operand column) {
    Scope scope = batch.with(product.columns().get(0).name(), column, Dim.ONE);
    if (!product.rows().isEmpty()) {
      scope = scope.with(product.rows().get(0).name(), row, Dim.ONE);
    }
    Operand position = new Points(function, math).position(plain, scope);
    String element = LlvmTypes.value(product.dtype());
    return out.address(
        element, function.pointer(product.nest().stores().get(0).buffer()), position);
  }
}
