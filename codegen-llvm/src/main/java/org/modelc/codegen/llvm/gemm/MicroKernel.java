package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * A tile of a matrix product whose sums stay in registers: {@code c[r, v] = initial + Σ a[r, k] ×
 * b[k, v]}, added in the order of {@code k}.
 *
 * <p>The function takes {@code (ptr a, i64 stride of a, ptr b, i64 stride of b, ptr c, i64 row
 * stride of c, i64 depth, element initial, i1 adding, i64 columns, ptr panel, i64 ahead)}, strides
 * in bytes; what a kernel does not need is not looked at. Where it is adding, sums go on from what
 * is in {@code c}. Of a panel {@link Fetch#lines} of {@link #linesOfRound} are fetched a round, so
 * many bytes ahead.
 *
 * @param tile the level's registers
 * @param rows rows of the tile
 * @param kind all else
 */
record MicroKernel(RegisterTile tile, int rows, Kind kind) {
  /** How the left factor lies. */
  enum Left {
    /** A row's elements are next to each other; the stride is that of rows. */
    ROWS,
    /** The elements of a step of the depth are next to each other; the stride is that of steps. */
    STEPS,
    /** In a panel of the register tile's rows. */
    PANEL
  }

  /** How the right factor lies. */
  enum Right {
    /** The columns of a step are next to each other; the stride is that of steps. */
    STEPS,
    /** As steps, and is written to a panel on the way, for the tiles that follow. */
    COPIED,
    /** In a panel of the register tile's columns; or as steps, whose stride it is given, too. */
    PANEL
  }

  /**
   * All of a microkernel but its rows.
   *
   * @param vectors vectors of a row
   * @param left how the left factor lies
   * @param right how the right factor lies
   * @param masked whether only the given columns of the last vector are read and written; otherwise
   *     all are
   * @param apart bytes from one panel of {@code b} to the next, where the vectors of a row are
   *     those of several panels; 0 if they are next to each other
   * @param rowBytes bytes from row to row of a left factor that lies in rows, where that is known
   *     while compiling; else 0
   * @param fetch what is fetched ahead
   */
  record Kind(
      int vectors, Left left, Right right, boolean masked, long apart, long rowBytes, Fetch fetch) {
    /** The same with another right factor. */
    Kind with(Right other) {
      return new Kind(vectors, left, other, masked, apart, rowBytes, fetch);
    }
  }

  /**
   * What is fetched before it is read.
   *
   * @param lines of a panel, a round
   * @param steps ahead that rows of a factor are fetched which is copied into a panel
   */
  record Fetch(int lines, int steps) {
    /** Two lines, since few rows have few tiles that could share them. */
    static final Fetch MODEL = new Fetch(2, 12);
  }

  /** Steps of a round, where they do not need more registers than one. */
  private static final int UNROLL = 2;

  /** Sums that hide a loop. */
  private static final int MANY_SUMS = 16;

  /** Of so many rows one has its element loaded once, so that loads do not hold up the others. */
  private static final int LOADED_ROW = 4;

  /** What is given to a kernel that writes no panel. */
  static final Operand NO_PANEL = new Operand("ptr", "null");

  private static final int CACHE_LINE = 64;
  private static final Operand LEFT_STRIDE = new Operand("i64", "%as");

  /** The function's name; it is added to the module if it is not there. */
  String function(ModuleWriter module) {
    return module.library(name(), () -> new Body(module).text());
  }

  private boolean copies() {
    return kind.right == Right.COPIED;
  }

  /**
   * Whether each multiply-add reads its element of the left factor itself. That is one instruction
   * less a row, which counts where another thread shares the core; but a load more a vector.
   */
  private boolean readsElements() {
    boolean placesAreConstant = kind.left != Left.ROWS || kind.rowBytes > 0;
    return tile.elementOperands() && placesAreConstant && kind.vectors == tile.vectors();
  }

  /**
   * Steps of a round. Where elements are loaded one after another, LLVM would load those of all
   * steps at once, and run out of registers.
   */
  private int unroll() {
    return readsElements() || rows * kind.vectors < MANY_SUMS ? UNROLL : 1;
  }

  /** Cache lines of a panel that the largest tiles read in a round. */
  static long linesOfRound(RegisterTile tile) {
    int steps = tile.elementOperands() ? UNROLL : 1;
    return Math.max(1, steps * tile.rightStep() / CACHE_LINE);
  }

  /** The function's parameters, in order. */
  List<Operand> parameters() {
    return List.of(
        new Operand("ptr", "%a"),
        LEFT_STRIDE,
        new Operand("ptr", "%b"),
        new Operand("i64", "%bs"),
        new Operand("ptr", "%c"),
        new Operand("i64", "%cs"),
        new Operand("i64", "%depth"),
        new Operand(LlvmTypes.value(tile.dtype()), "%initial"),
        new Operand("i1", "%adding"),
        new Operand("i64", "%columns"),
        new Operand("ptr", "%panel"),
        new Operand("i64", "%ahead"));
  }

  /** The first line of a function that is called as this one. */
  String header(String name) {
    return "define internal void @"
        + name
        + "(ptr noalias readonly nocapture %a, i64 %as, ptr noalias readonly nocapture %b, i64 %bs,"
        + " ptr noalias nocapture %c, i64 %cs, i64 %depth, "
        + LlvmTypes.value(tile.dtype())
        + " %initial, i1 %adding, i64 %columns, ptr noalias writeonly nocapture %panel,"
        + " i64 %ahead) noinline #0 {\n";
  }

  /** Bytes from row to row of the left factor. */
  Operand leftRowBytes() {
    return rowBytes() == 0 ? LEFT_STRIDE : Operand.i64(rowBytes());
  }

  /** Bytes from row to row of the left factor, or 0 if they are known only at a call. */
  private long rowBytes() {
    return kind.left == Left.ROWS ? kind.rowBytes : tile.bytes();
  }

  String name() {
    return "product."
        + LlvmTypes.suffix(LlvmTypes.value(tile.dtype()))
        + "."
        + rows
        + "x"
        + kind.vectors
        + "."
        + kind.left.name().toLowerCase(Locale.ROOT)
        + "."
        + kind.right.name().toLowerCase(Locale.ROOT)
        + (kind.masked ? ".masked" : "")
        + (kind.apart == 0 ? "" : ".apart" + kind.apart)
        + (kind.rowBytes == 0 ? "" : ".by" + kind.rowBytes)
        + fetches();
  }

  /** What is fetched, where it is not the usual. */
  private String fetches() {
    Fetch usual = Fetch.MODEL;
    if (copies()) {
      return kind.fetch.steps == usual.steps ? "" : ".ahead" + kind.fetch.steps;
    }
    return !fetchesPanel() || kind.fetch.lines == usual.lines ? "" : ".lines" + kind.fetch.lines;
  }

  private boolean fetchesPanel() {
    return kind.right == Right.PANEL && kind.apart == 0;
  }

  /** Writes the function. */
  private final class Body {
    private final FunctionWriter out;
    private final String element = LlvmTypes.value(tile.dtype());
    private final String vector = LlvmTypes.vector(element, tile.lanes());
    private final Operand rightStride =
        kind.apart == 0 ? new Operand("i64", "%bs") : Operand.i64(tile.rightStep());
    private Operand mask;

    Body(ModuleWriter module) {
      this.out = new FunctionWriter(module);
    }

    String text() {
      if (kind.masked) {
        long before = (kind.vectors - 1L) * tile.lanes();
        Operand rest = out.subtract(new Operand("i64", "%columns"), Operand.i64(before));
        mask = out.mask(rest, tile.lanes());
      }
      Operand depth = new Operand("i64", "%depth");
      Operand main = out.binary("and", depth, Operand.i64(-unroll()));
      List<Operand> state = out.loop(Operand.i64(0), main, unroll(), initial(), this::round);
      if (unroll() > 1) {
        state = out.loop(main, depth, 1, state, (index, carried) -> steps(carried, 1));
      }
      store(state);
      out.line("ret void");
      return header(name()) + out.body() + "}\n";
    }

    private int sums() {
      return rows * kind.vectors;
    }

    /** Sums, the place of the right factor, of the left one by vector, and of the panel. */
    private List<Operand> initial() {
      Operand start = out.splat(new Operand(element, "%initial"), tile.lanes());
      List<Operand> starts = Collections.nCopies(sums(), start);
      Operand adding = new Operand("i1", "%adding");
      List<Operand> state = new ArrayList<>(out.choose(adding, this::unfinished, () -> starts));
      state.add(new Operand("ptr", "%b"));
      Operand a = new Operand("ptr", "%a");
      state.add(a);
      // LLVM would load an element once for all of its multiply-adds, if it knew that it is one.
      for (int v = 1; readsElements() && v < kind.vectors; v++) {
        state.add(out.disguised(a));
      }
      if (copies()) {
        state.add(new Operand("ptr", "%panel"));
      }
      return state;
    }

    /** The sums in memory. */
    private List<Operand> unfinished() {
      List<Operand> sums = new ArrayList<>();
      Operand row = new Operand("ptr", "%c");
      for (int r = 0; r < rows; r++) {
        for (int v = 0; v < kind.vectors; v++) {
          sums.add(loaded(place(row, v), v));
        }
        row = out.address("i8", row, new Operand("i64", "%cs"));
      }
      return sums;
    }

    private List<Operand> round(Operand index, List<Operand> carried) {
      if (fetchesPanel()) {
        Operand later = out.address("i8", carried.get(sums()), new Operand("i64", "%ahead"));
        for (long line = 0; line < Math.min(kind.fetch.lines, linesOfRound(tile)); line++) {
          out.prefetchToSecondCache(out.address("i8", later, Operand.i64(line * CACHE_LINE)));
        }
      }
      return steps(carried, unroll());
    }

    /** The places of the left factor among what is carried. */
    private List<Operand> lefts(List<Operand> state) {
      return state.subList(sums() + 1, copies() ? state.size() - 1 : state.size());
    }

    private List<Operand> steps(List<Operand> carried, int count) {
      List<Operand> state = new ArrayList<>(carried);
      for (int step = 0; step < count; step++) {
        if (step > 0 && readsElements()) {
          out.line("fence syncscope(\"singlethread\") seq_cst");
        }
        step(state);
      }
      if (readsElements()) {
        // Else LLVM adds an index to them, with which an operand in memory is an instruction again.
        lefts(state).replaceAll(out::disguised);
      }
      return state;
    }

    private void step(List<Operand> state) {
      int b = sums();
      List<Operand> lefts = lefts(state);
      multiply(state, lefts, right(state.get(b), copies() ? state.get(state.size() - 1) : null));
      state.set(b, out.address("i8", state.get(b), rightStride));
      lefts.replaceAll(a -> out.address("i8", a, leftStep()));
      if (copies()) {
        int last = state.size() - 1;
        state.set(last, out.address("i8", state.get(last), Operand.i64(tile.rightStep())));
      }
    }

    private Operand leftStep() {
      return switch (kind.left) {
        case ROWS -> Operand.i64(tile.bytes());
        case STEPS -> LEFT_STRIDE;
        case PANEL -> Operand.i64(tile.leftStep());
      };
    }

    private List<Operand> right(Operand b, Operand panel) {
      List<Operand> right = new ArrayList<>();
      for (int v = 0; v < kind.vectors; v++) {
        Operand value = loaded(rightPlace(b, v), v);
        if (panel != null) {
          out.store(value, place(panel, v));
        }
        right.add(value);
      }
      if (panel != null && kind.fetch.steps > 0) {
        fetch(b);
      }
      return right;
    }

    private Operand place(Operand row, int v) {
      return out.address(element, row, Operand.i64((long) v * tile.lanes()));
    }

    private Operand rightPlace(Operand b, int v) {
      if (kind.apart == 0) {
        return place(b, v);
      }
      int panel = tile.vectors();
      long bytes = v / panel * kind.apart + (long) v % panel * tile.lanes() * tile.bytes();
      return out.address("i8", b, Operand.i64(bytes));
    }

    private Operand loaded(Operand place, int number) {
      return mask != null && number == kind.vectors - 1
          ? out.maskedLoad(vector, place, mask)
          : out.load(vector, place);
    }

    /** Fetches a later row: rows far from each other are not foreseen by the machine. */
    private void fetch(Operand b) {
      Operand later =
          out.address("i8", b, out.multiply(rightStride, Operand.i64(kind.fetch.steps)));
      for (int on = 0; on < kind.vectors * tile.lanes() * tile.bytes(); on += CACHE_LINE) {
        out.prefetch(out.address("i8", later, Operand.i64(on)));
      }
    }

    private void multiply(List<Operand> sums, List<Operand> lefts, List<Operand> right) {
      Operand place = lefts.get(0);
      for (int r = 0; r < rows; r++) {
        Operand factor = out.splat(out.load(element, place), tile.lanes());
        for (int v = 0; v < kind.vectors; v++) {
          int at = r * kind.vectors + v;
          if (v > 0 && readsElements() && r % LOADED_ROW != 0) {
            Operand same = out.address("i8", lefts.get(v), Operand.i64(r * rowBytes()));
            factor = out.splat(out.load(element, same), tile.lanes());
          }
          sums.set(at, out.multiplyAdd(factor, right.get(v), sums.get(at)));
        }
        place =
            rowBytes() == 0
                ? out.address("i8", place, LEFT_STRIDE)
                : out.address("i8", lefts.get(0), Operand.i64((r + 1) * rowBytes()));
      }
    }

    private void store(List<Operand> state) {
      Operand row = new Operand("ptr", "%c");
      for (int r = 0; r < rows; r++) {
        for (int v = 0; v < kind.vectors; v++) {
          Operand sum = state.get(r * kind.vectors + v);
          if (mask != null && v == kind.vectors - 1) {
            out.maskedStore(sum, place(row, v), mask);
          } else {
            out.store(sum, place(row, v));
          }
        }
        row = out.address("i8", row, new Operand("i64", "%cs"));
      }
    }
  }
}
