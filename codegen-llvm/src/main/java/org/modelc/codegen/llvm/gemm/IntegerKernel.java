package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * A tile of a product of integers whose sums stay in registers.
 *
 * <p>The function takes {@code (ptr a, ptr b, ptr c, i64 stride of c, i64 groups, i64 share)}, the
 * stride in bytes: rows of packed elements, panels of columns, and rows of sums, which it writes;
 * and which line it fetches of each group of the panel that is read next ({@link #share}).
 *
 * @param rows rows of the tile
 * @param panels panels that it reads
 * @param apart bytes from panel to panel
 * @param rowBytes bytes from row to row of the left factor, so that its elements have constant
 *     places: with the stride in a register, each row takes an addition a round
 * @param ahead bytes to the panel that is read next; 0 if it is not fetched
 */
record IntegerKernel(
    IntegerTile tile, int rows, int panels, long apart, long rowBytes, long ahead) {
  private static final int LINE = 64;

  private static final Operand LEFT = new Operand("ptr", "%a");
  private static final Operand SUM_STRIDE = new Operand("i64", "%cs");

  /** The function's name; it is added to the module if it is not there. */
  String function(ModuleWriter module) {
    return module.library(name(), () -> text(module));
  }

  private String name() {
    String several = panels == 1 ? "" : ".apart" + apart;
    several += rows == 1 ? "" : ".rows" + rowBytes;
    several += ahead == 0 ? "" : ".ahead" + ahead;
    return "integers." + tile.arithmetic() + "." + rows + "x" + vectors() + several;
  }

  /**
   * Where the line begins that a tile fetches of every group. Weights come from afar, and the third
   * cache takes longer to answer than a tile takes to compute; tiles take the lines in turns.
   */
  static Operand share(IntegerTile tile, Arithmetic math, Operand number) {
    long lines = (tile.groupBytes() + LINE - 1) / LINE;
    return math.times(math.remainder(number, Operand.i64(lines)), LINE);
  }

  private int sums() {
    return rows * vectors() * tile.arithmetic().sumsOfEach();
  }

  private int vectors() {
    return panels * IntegerTile.VECTORS;
  }

  /** How many pointers the left factor is read by, one a vector if instructions read it. */
  private int lefts() {
    return rows > 1 && tile.arithmetic().readsElements() ? vectors() : 1;
  }

  private String text(ModuleWriter module) {
    FunctionWriter out = new FunctionWriter(module);
    List<Operand> state = new ArrayList<>();
    for (int i = 0; i < sums(); i++) {
      state.add(Operand.zero(LlvmTypes.vector(tile.arithmetic().sum(), tile.lanes())));
    }
    state.add(new Operand("ptr", "%b"));
    Operand left = out.address("i8", LEFT, Operand.i64(tile.arithmetic().header()));
    state.add(left);
    for (int i = 1; i < lefts(); i++) {
      state.add(out.disguised(left));
    }
    Operand groups = new Operand("i64", "%groups");
    int together = tile.arithmetic().groupsTogether();
    Operand done = Operand.i64(0);
    if (together > 1) {
      Operand rest = out.binary("srem", groups, Operand.i64(together));
      Operand whole = out.subtract(groups, rest);
      state = out.loop(done, whole, together, state, (at, carried) -> next(out, together, carried));
      done = whole;
    }
    store(out, out.loop(done, groups, 1, state, (at, carried) -> next(out, 1, carried)));
    out.line("ret void");
    String parameters =
        "(ptr noalias readonly nocapture %a, ptr noalias readonly nocapture %b,"
            + " ptr noalias writeonly nocapture %c, i64 %cs, i64 %groups, i64 %share) #0 {\n";
    return "define internal void @" + name() + parameters + out.body() + "}\n";
  }

  /** Multiplies some groups of steps. */
  private List<Operand> next(FunctionWriter out, int groups, List<Operand> carried) {
    int count = sums();
    Operand[] sums = carried.subList(0, count).toArray(Operand[]::new);
    Operand b = carried.get(count);
    List<List<Operand>> places = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      places.add(group(out, out.address("i8", b, Operand.i64(group * tile.groupBytes()))));
    }
    List<Operand> lefts = carried.subList(count + 1, carried.size());
    IntegerArithmetic arithmetic = tile.arithmetic();
    List<List<Operand>> lines = lefts.stream().map(left -> lines(out, left)).toList();
    arithmetic.multiply(out, lines, places, tile.lanes(), sums);
    List<Operand> next = new ArrayList<>(List.of(sums));
    next.add(out.address("i8", b, Operand.i64(groups * tile.groupBytes())));
    Operand bytes = Operand.i64((long) groups * arithmetic.steps * arithmetic.leftBytes);
    for (Operand left : lefts) {
      Operand after = out.address("i8", left, bytes);
      // Else LLVM adds an index to them, with which an operand in memory is an instruction again.
      next.add(lefts.size() > 1 ? out.disguised(after) : after);
    }
    return next;
  }

  /** The places of a group's vectors; what is read next is fetched. */
  private List<Operand> group(FunctionWriter out, Operand first) {
    List<Operand> places = new ArrayList<>();
    for (int v = 0; v < vectors(); v++) {
      places.add(out.address("i8", first, vectorPlace(v)));
    }
    if (ahead != 0) {
      Operand share = out.address("i8", first, new Operand("i64", "%share"));
      out.prefetchToSecondCache(out.address("i8", share, Operand.i64(ahead)));
    }
    return places;
  }

  private List<Operand> lines(FunctionWriter out, Operand left) {
    List<Operand> lines = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      lines.add(out.address("i8", left, Operand.i64(r * rowBytes)));
    }
    return lines;
  }

  private Operand vectorPlace(int v) {
    long inPanel = (long) v % IntegerTile.VECTORS * tile.lanes() * tile.arithmetic().rightBytes;
    return Operand.i64(v / IntegerTile.VECTORS * apart + inPanel);
  }

  private void store(FunctionWriter out, List<Operand> sums) {
    Operand row = new Operand("ptr", "%c");
    Operand left = LEFT;
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors(); v++) {
        Operand place = out.address("i32", row, Operand.i64((long) v * tile.lanes()));
        out.store(finished(out, left, r * vectors() + v, sums), place);
      }
      row = out.address("i8", row, SUM_STRIDE);
      left = out.address("i8", left, Operand.i64(rowBytes));
    }
  }

  private Operand finished(FunctionWriter out, Operand row, int number, List<Operand> sums) {
    int each = tile.arithmetic().sumsOfEach();
    List<Operand> own = sums.subList(number * each, (number + 1) * each);
    return tile.arithmetic().joined(out, row, own);
  }
}
