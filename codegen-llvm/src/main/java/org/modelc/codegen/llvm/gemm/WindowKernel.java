package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.emit.ZeroMargins;

/**
 * A tile of a windowed product whose sums stay in registers: {@code c[r, v] = initial + Σ over
 * steps of a[r, step] × b[step, v]}, both read where they lie, added in the order of the steps.
 *
 * <p>The function takes {@code (ptr a, ptr b, ptr c, i64 row stride of c in bytes, i64 columns)}
 * and {@link #loops how the axes run}, of which it knows no more than how many there are and what a
 * step of the innermost one is: lines at a picture's edge, and other pictures, share a function.
 *
 * @param tile the level's registers
 * @param rows rows of the tile
 * @param vectors vectors of a row
 * @param rowStep elements from row to row of {@code a}
 * @param steps the axes that are summed over, outermost first
 * @param adding whether sums go on from what is in {@code c}, and not from the initial value
 * @param masked whether only the given columns are read
 * @param inside the places of a line, the end excluded, outside which {@code a} is zero: row {@code
 *     r} is at place {@code r × row step + step} of the innermost axis
 */
record WindowKernel(
    RegisterTile tile,
    int rows,
    int vectors,
    long rowStep,
    List<Step> steps,
    double initial,
    boolean adding,
    boolean masked,
    ZeroMargins.Inside inside) {
  /**
   * An axis that is summed over.
   *
   * @param left elements from one to the next in {@code a}
   * @param right elements from one to the next in {@code b}
   */
  record Step(long extent, long left, long right) {}

  /**
   * The most steps of the innermost axis without a loop. More, and LLVM would collect their loads
   * and run out of vector registers.
   */
  private static final long UNROLLED = 3;

  /** Multiply-adds of a step from which on instructions that fetch cost nothing beside them. */
  private static final int WORTH_FETCHING = 16;

  private static final int CACHE_LINE = 64;

  /** Of so many rows one has its element loaded once, so that loads do not hold up the others. */
  private static final int LOADED_ROW = 4;

  WindowKernel {
    steps = List.copyOf(steps);
    if (inside != null && !isUnrolled(steps)) {
      throw new IllegalArgumentException("places are not known in a loop");
    }
  }

  /** A kernel of lines without a margin. */
  WindowKernel(
      RegisterTile tile,
      int rows,
      int vectors,
      long rowStep,
      List<Step> steps,
      double initial,
      boolean adding,
      boolean masked) {
    this(tile, rows, vectors, rowStep, steps, initial, adding, masked, null);
  }

  /** Whether the innermost axis is no loop. */
  static boolean isUnrolled(List<Step> steps) {
    return steps.get(steps.size() - 1).extent <= UNROLLED;
  }

  /**
   * The last arguments of a call: of each axis but the innermost its extent and the bytes from one
   * to the next in {@code a} and in {@code b}, of that one its extent.
   */
  static List<Operand> loops(List<Step> steps, RegisterTile tile) {
    List<Operand> loops = new ArrayList<>();
    for (Step step : steps.subList(0, steps.size() - 1)) {
      loops.add(Operand.i64(step.extent));
      loops.add(Operand.i64(step.left * tile.bytes()));
      loops.add(Operand.i64(step.right * tile.bytes()));
    }
    loops.add(Operand.i64(steps.get(steps.size() - 1).extent));
    return loops;
  }

  /** The function's name; it is added to the module if it is not there. */
  String function(ModuleWriter module) {
    return module.library(name(), () -> new Body(module).text());
  }

  private String name() {
    StringBuilder name = new StringBuilder("window.").append(LlvmTypes.suffix(element()));
    name.append('.').append(rows).append('x').append(vectors).append(".r").append(rowStep);
    name.append(".axes").append(steps.size()).append('.');
    if (isUnrolled(steps)) {
      name.append(innermost().extent).append('x');
    }
    name.append(innermost().left).append('x').append(innermost().right);
    if (initial != 0) {
      name.append(".i").append(Double.doubleToLongBits(initial));
    }
    if (inside != null) {
      name.append(".in").append(inside.from()).append('x').append(inside.to());
    }
    return name.append(adding ? ".adding" : "").append(masked ? ".masked" : "").toString();
  }

  private Step innermost() {
    return steps.get(steps.size() - 1);
  }

  private String element() {
    return LlvmTypes.value(tile.dtype());
  }

  private int lanes() {
    return tile.lanes();
  }

  /** Whether each multiply-add reads its element of {@code a} itself, as in {@link MicroKernel}. */
  private boolean readsElements() {
    return tile.elementOperands() && vectors == tile.vectors();
  }

  /** Writes the function. */
  private final class Body {
    private final FunctionWriter out;
    private final String vector = LlvmTypes.vector(element(), lanes());
    private final List<Operand> masks = new ArrayList<>();

    Body(ModuleWriter module) {
      this.out = new FunctionWriter(module);
    }

    String text() {
      for (int v = 0; masked && v < vectors; v++) {
        Operand left =
            out.subtract(new Operand("i64", "%columns"), Operand.i64((long) v * lanes()));
        masks.add(out.mask(left, lanes()));
      }
      store(over(0, initial(), lefts(new Operand("ptr", "%a")), new Operand("ptr", "%b")));
      out.line("ret void");
      String parameters =
          "(ptr noalias readonly nocapture %a, ptr noalias readonly nocapture %b,"
              + " ptr noalias nocapture %c, i64 %cs, i64 %columns";
      StringBuilder loops = new StringBuilder();
      for (int axis = 0; axis < steps.size() - 1; axis++) {
        loops.append(", ").append(extent(axis));
        loops.append(", ").append(leftBytes(axis)).append(", ").append(rightBytes(axis));
      }
      loops.append(", ").append(extent(steps.size() - 1)).append(") noinline #0 {\n");
      return "define internal void @" + name() + parameters + loops + out.body() + "}\n";
    }

    private Operand extent(int axis) {
      return new Operand("i64", "%extent" + axis);
    }

    private Operand leftBytes(int axis) {
      return new Operand("i64", "%left" + axis);
    }

    private Operand rightBytes(int axis) {
      return new Operand("i64", "%right" + axis);
    }

    /** The place of {@code a} for each vector of a row: they are one, which LLVM must not know. */
    private List<Operand> lefts(Operand a) {
      List<Operand> lefts = new ArrayList<>();
      for (int v = 0; v < (readsElements() ? vectors : 1); v++) {
        lefts.add(v == 0 ? a : out.disguised(a));
      }
      return lefts;
    }

    private List<Operand> over(int axis, List<Operand> sums, List<Operand> lefts, Operand b) {
      boolean isLast = axis == steps.size() - 1;
      if (isLast && isUnrolled(steps)) {
        fetch(lefts.get(0), b);
        return some(innermost().extent, sums, lefts, b);
      }
      List<Operand> carried = new ArrayList<>(sums);
      carried.addAll(lefts);
      carried.add(b);
      if (!isLast) {
        return sums(
            out.loop(Operand.i64(0), extent(axis), 1, carried, (index, now) -> turn(axis, now)));
      }
      long together = readsElements() ? 2 : 1;
      Operand whole = out.binary("and", extent(axis), Operand.i64(-together));
      List<Operand> state =
          out.loop(Operand.i64(0), whole, together, carried, (index, now) -> round(together, now));
      return sums(
          together == 1
              ? state
              : out.loop(whole, extent(axis), 1, state, (index, now) -> round(1, now)));
    }

    /**
     * Brings the next steps of a panel, which need not fit into the first cache, nearer, and what
     * the next element of the axis two further out has to multiply them with.
     */
    private void fetch(Operand left, Operand b) {
      Step step = innermost();
      boolean isPanel = step.right == (long) vectors * lanes();
      if (!isPanel || adding || rows * vectors < WORTH_FETCHING) {
        return;
      }
      long next = step.extent * step.right;
      for (long on = 0; on < next; on += CACHE_LINE / tile.bytes()) {
        out.prefetch(moved(b, next + on));
      }
      if (steps.size() > 2) {
        out.prefetch(out.address("i8", left, leftBytes(steps.size() - 3)));
      }
    }

    /** A step of an axis that has another one inside. */
    private List<Operand> turn(int axis, List<Operand> state) {
      Operand b = state.get(state.size() - 1);
      List<Operand> next = new ArrayList<>(over(axis + 1, sums(state), lefts(state), b));
      for (Operand left : lefts(state)) {
        Operand on = out.address("i8", left, leftBytes(axis));
        next.add(readsElements() ? out.disguised(on) : on);
      }
      next.add(out.address("i8", b, rightBytes(axis)));
      return next;
    }

    private List<Operand> round(long count, List<Operand> state) {
      Operand b = state.get(state.size() - 1);
      List<Operand> next = new ArrayList<>(some(count, sums(state), lefts(state), b));
      for (Operand left : lefts(state)) {
        Operand on = moved(left, count * innermost().left);
        next.add(readsElements() ? out.disguised(on) : on);
      }
      next.add(moved(b, count * innermost().right));
      return next;
    }

    private List<Operand> sums(List<Operand> state) {
      return state.subList(0, rows * vectors);
    }

    private List<Operand> lefts(List<Operand> state) {
      return state.subList(rows * vectors, state.size() - 1);
    }

    /** Steps of the innermost axis one after another. */
    private List<Operand> some(long count, List<Operand> sums, List<Operand> lefts, Operand b) {
      Step step = innermost();
      List<Operand> next = new ArrayList<>(sums);
      for (long i = 0; i < count; i++) {
        if (i > 0 && readsElements()) {
          out.line("fence syncscope(\"singlethread\") seq_cst");
        }
        long on = i * step.left;
        List<Operand> at = lefts.stream().map(left -> moved(left, on)).toList();
        step(next, at, moved(b, i * step.right), on);
      }
      return next;
    }

    private Operand moved(Operand pointer, long elements) {
      return out.address(element(), pointer, Operand.i64(elements));
    }

    private void step(List<Operand> sums, List<Operand> lefts, Operand b, long on) {
      List<Operand> right = new ArrayList<>();
      for (int v = 0; v < vectors; v++) {
        Operand place = moved(b, (long) v * lanes());
        right.add(masked ? out.maskedLoad(vector, place, masks.get(v)) : out.load(vector, place));
      }
      for (int r = 0; r < rows; r++) {
        long place = r * rowStep + on;
        if (inside != null && (place < inside.from() || place >= inside.to())) {
          continue;
        }
        Operand factor = factor(lefts.get(0), r);
        for (int v = 0; v < vectors; v++) {
          boolean own = v > 0 && readsElements() && r % LOADED_ROW != 0;
          Operand left = own ? factor(lefts.get(v), r) : factor;
          int at = r * vectors + v;
          sums.set(at, out.multiplyAdd(left, right.get(v), sums.get(at)));
        }
      }
    }

    private Operand factor(Operand left, int row) {
      return out.splat(out.load(element(), moved(left, row * rowStep)), lanes());
    }

    private List<Operand> initial() {
      Operand start = out.splat(Operand.number(element(), initial), lanes());
      List<Operand> sums = new ArrayList<>();
      each((place, at) -> sums.add(adding ? out.load(vector, place) : start));
      return sums;
    }

    /** Whole vectors, for which the tile has room. */
    private void store(List<Operand> sums) {
      each((place, at) -> out.store(sums.get(at), place));
    }

    /** Calls a body for the place of each of the tile's vectors. */
    private void each(ObjIntConsumer<Operand> body) {
      Operand row = new Operand("ptr", "%c");
      for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
          body.accept(moved(row, (long) v * lanes()), r * vectors + v);
        }
        row = out.address("i8", row, new Operand("i64", "%cs"));
      }
    }
  }
}
