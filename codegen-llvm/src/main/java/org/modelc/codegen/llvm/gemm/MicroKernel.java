package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.runtime.spec.DType;

/**
 * A tile of a matrix product whose sums stay in registers: {@code c[r, v] = initial + Σ a[r, k] ×
 * b[k, v]}, added in the order of {@code k}.
 *
 * <p>The function takes {@code (ptr a, i64 stride of a, ptr b, i64 stride of b, ptr c, i64 row
 * stride of c, i64 depth, element initial, i64 columns, ptr panel)}, strides in bytes; what a
 * kernel does not need is not looked at.
 *
 * @param dtype what is computed in
 * @param lanes elements of a vector
 * @param rows rows of the tile
 * @param vectors vectors of a row
 * @param left how the left factor lies
 * @param masked whether only the given columns of the last vector are read and written; otherwise
 *     all are
 * @param panelStride bytes from step to step of a panel that what is read of {@code b} is also
 *     written to, for the tiles that follow; 0 if it is not
 * @param adding whether sums go on from what is in {@code c}
 * @param apart bytes from one panel of {@code b} to the next, where the vectors of a row are those
 *     of several panels of two; 0 if they are next to each other
 */
record MicroKernel(
    DType dtype,
    int lanes,
    int rows,
    int vectors,
    Left left,
    boolean masked,
    long panelStride,
    boolean adding,
    long apart) {
  /** How the left factor lies. */
  enum Left {
    /** A row's elements are next to each other; the stride is that of rows. */
    ROWS,
    /** The elements of a step of the depth are next to each other; the stride is that of steps. */
    STEPS
  }

  /** Multiplications of a round that hide the loop. */
  private static final int LONG_ROUND = 16;

  /** What is given to a kernel that writes no panel. */
  static final Operand NO_PANEL = new Operand("ptr", "null");

  /** Steps ahead that rows of a factor which lies as it likes are fetched. */
  private static final int AHEAD = 12;

  private static final int CACHE_LINE = 64;

  /** Vectors of a row of a panel. */
  private static final int PANEL = 2;

  /** The function's name; it is added to the module if it is not there. */
  String function(ModuleWriter module) {
    return module.library(name(), () -> new Body(module).text());
  }

  /**
   * Steps of a round. Not more than needed: LLVM would collect the loads of all steps that share an
   * address register, and run out of vector registers.
   */
  private int unroll() {
    return rows * vectors >= LONG_ROUND ? 1 : 2;
  }

  private String name() {
    String shape = rows + "x" + vectors;
    String way = left == Left.ROWS ? "rows" : "steps";
    String element = LlvmTypes.suffix(LlvmTypes.value(dtype));
    String copying = panelStride == 0 ? "" : ".copying" + panelStride;
    return "product."
        + element
        + "."
        + shape
        + "."
        + way
        + (masked ? ".masked" : "")
        + copying
        + (adding ? ".adding" : "")
        + (apart == 0 ? "" : ".apart" + apart);
  }

  /** Writes the function. */
  private final class Body {
    private final FunctionWriter out;
    private final String element = LlvmTypes.value(dtype);
    private final String vector = LlvmTypes.vector(element, lanes);
    private final Operand leftStride = new Operand("i64", "%as");
    private final Operand rightStride = new Operand("i64", "%bs");
    private Operand mask;

    Body(ModuleWriter module) {
      this.out = new FunctionWriter(module);
    }

    String text() {
      if (masked) {
        long before = (vectors - 1L) * lanes;
        Operand rest = out.subtract(new Operand("i64", "%columns"), Operand.i64(before));
        mask = out.mask(rest, lanes);
      }
      Operand depth = new Operand("i64", "%depth");
      Operand main = out.binary("and", depth, Operand.i64(-unroll()));
      List<Operand> state = out.loop(Operand.i64(0), main, unroll(), initial(), this::round);
      if (unroll() > 1) {
        state = out.loop(main, depth, 1, state, (index, carried) -> steps(carried, 1));
      }
      store(state);
      out.line("ret void");
      String parameters =
          "ptr noalias readonly nocapture %a, i64 %as, ptr noalias readonly nocapture %b, i64 %bs,"
              + " ptr noalias nocapture %c, i64 %cs, i64 %depth, "
              + element
              + " %initial, i64 %columns, ptr noalias writeonly nocapture %panel";
      return "define internal void @" + name() + "(" + parameters + ") #0 {\n" + out.body() + "}\n";
    }

    private List<Operand> initial() {
      Operand start = out.splat(new Operand(element, "%initial"), lanes);
      List<Operand> state = new ArrayList<>();
      Operand row = new Operand("ptr", "%c");
      for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
          Operand place = out.address(element, row, Operand.i64((long) v * lanes));
          state.add(adding ? loaded(place, v) : start);
        }
        row = out.address("i8", row, new Operand("i64", "%cs"));
      }
      state.add(new Operand("ptr", "%b"));
      state.add(new Operand("ptr", "%a"));
      if (panelStride != 0) {
        state.add(new Operand("ptr", "%panel"));
      }
      return state;
    }

    private List<Operand> round(Operand index, List<Operand> carried) {
      return steps(carried, unroll());
    }

    private List<Operand> steps(List<Operand> carried, int count) {
      List<Operand> sums = new ArrayList<>(carried.subList(0, rows * vectors));
      Operand b = carried.get(rows * vectors);
      Operand a = carried.get(rows * vectors + 1);
      Operand panel = panelStride == 0 ? null : carried.get(rows * vectors + 2);
      Operand stepStride = left == Left.ROWS ? Operand.i64(dtype.bytes()) : leftStride;
      for (int step = 0; step < count; step++) {
        multiply(sums, a, right(b, panel));
        b = out.address("i8", b, rightStride);
        a = out.address("i8", a, stepStride);
        panel = panel == null ? null : out.address("i8", panel, Operand.i64(panelStride));
      }
      sums.add(b);
      sums.add(a);
      if (panel != null) {
        sums.add(panel);
      }
      return sums;
    }

    private List<Operand> right(Operand b, Operand panel) {
      List<Operand> right = new ArrayList<>();
      for (int v = 0; v < vectors; v++) {
        Operand on = Operand.i64((long) v * lanes);
        Operand value = loaded(rightPlace(b, v), v);
        if (panel != null) {
          out.store(value, out.address(element, panel, on));
        }
        right.add(value);
      }
      if (panel != null) {
        fetch(b);
      }
      return right;
    }

    private Operand rightPlace(Operand b, int v) {
      if (apart == 0) {
        return out.address(element, b, Operand.i64((long) v * lanes));
      }
      long bytes = v / PANEL * apart + (long) v % PANEL * lanes * dtype.bytes();
      return out.address("i8", b, Operand.i64(bytes));
    }

    private Operand loaded(Operand place, int number) {
      return mask != null && number == vectors - 1
          ? out.maskedLoad(vector, place, mask)
          : out.load(vector, place);
    }

    /** Fetches a later row: rows far from each other are not foreseen by the machine. */
    private void fetch(Operand b) {
      String declaration =
          "declare void @llvm.prefetch.p0(ptr, i32 immarg, i32 immarg, i32 immarg)";
      String function = out.module().library("llvm.prefetch.p0", () -> declaration + "\n");
      Operand later = out.address("i8", b, out.multiply(rightStride, Operand.i64(AHEAD)));
      for (int on = 0; on < vectors * lanes * dtype.bytes(); on += CACHE_LINE) {
        Operand place = out.address("i8", later, Operand.i64(on));
        out.line("call void @" + function + "(" + place + ", i32 0, i32 3, i32 1)");
      }
    }

    private void multiply(List<Operand> sums, Operand a, List<Operand> right) {
      Operand place = a;
      for (int r = 0; r < rows; r++) {
        Operand factor = out.splat(out.load(element, place), lanes);
        for (int v = 0; v < vectors; v++) {
          int at = r * vectors + v;
          sums.set(at, out.multiplyAdd(factor, right.get(v), sums.get(at)));
        }
        place = nextRow(place);
      }
    }

    private Operand nextRow(Operand place) {
      return left == Left.ROWS
          ? out.address("i8", place, leftStride)
          : out.address(element, place, Operand.i64(1));
    }

    private void store(List<Operand> state) {
      Operand row = new Operand("ptr", "%c");
      for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
          Operand place = out.address(element, row, Operand.i64((long) v * lanes));
          Operand sum = state.get(r * vectors + v);
          if (mask != null && v == vectors - 1) {
            out.maskedStore(sum, place, mask);
          } else {
            out.store(sum, place);
          }
        }
        row = out.address("i8", row, new Operand("i64", "%cs"));
      }
    }
  }
}
