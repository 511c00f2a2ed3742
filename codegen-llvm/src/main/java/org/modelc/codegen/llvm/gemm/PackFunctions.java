package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.runtime.spec.DType;

/**
 * Functions that bring a part of a matrix into a panel: {@code panel[step, line]} for all steps of
 * the depth and up to {@code width} lines, which are the rows or columns of a product. What lies
 * beyond the given lines is not read, and its places in the panel hold anything.
 *
 * <p>They take {@code (ptr source, i64 stride, i64 depth, i64 lines, ptr panel, i64 width)},
 * strides in bytes, the width in elements.
 *
 * @param lanes elements of a vector
 * @param width lines of the panel, in whole vectors
 */
record PackFunctions(DType dtype, int lanes, int width) {
  private static final String PARAMETERS =
      "(ptr noalias readonly nocapture %source, i64 %stride, i64 %depth, i64 %lines,"
          + " ptr noalias writeonly nocapture %panel, i64 %width) #0 {\n";

  private static final Operand SOURCE = new Operand("ptr", "%source");
  private static final Operand STRIDE = new Operand("i64", "%stride");
  private static final Operand DEPTH = new Operand("i64", "%depth");
  private static final Operand LINES = new Operand("i64", "%lines");
  private static final Operand PANEL = new Operand("ptr", "%panel");
  private static final Operand WIDTH = new Operand("i64", "%width");

  /** Steps ahead that are fetched of lines side by side: each may lie in a page of its own. */
  private static final long FETCHED_STEPS = 32;

  /** Bytes ahead that are fetched of each line that is turned: more lines than are foreseen. */
  private static final long FETCHED_BYTES = 256;

  /** The last argument of a call. */
  Operand places() {
    return Operand.i64(width);
  }

  private String element() {
    return LlvmTypes.value(dtype);
  }

  private String vector() {
    return LlvmTypes.vector(element(), lanes);
  }

  private String name(String way) {
    return "pack." + way + "." + LlvmTypes.suffix(element());
  }

  private static String function(String name, FunctionWriter out) {
    out.line("ret void");
    return "define internal void @" + name + PARAMETERS + out.body() + "}\n";
  }

  /** For a source whose lines lie next to each other; the stride is that of steps. */
  String copying(ModuleWriter module) {
    String name = name("copy") + "." + width;
    return module.library(
        name,
        () -> {
          FunctionWriter out = new FunctionWriter(module);
          Operand whole = out.compare("icmp sge", LINES, Operand.i64(width));
          out.when(whole, () -> copy(out, false), () -> copy(out, true));
          return function(name, out);
        });
  }

  private void copy(FunctionWriter out, boolean masked) {
    List<Operand> masks = new ArrayList<>();
    for (int v = 0; masked && v < width / lanes; v++) {
      masks.add(out.mask(out.subtract(LINES, Operand.i64((long) v * lanes)), lanes));
    }
    Operand later = out.multiply(STRIDE, Operand.i64(FETCHED_STEPS));
    out.loop(
        Operand.i64(0),
        DEPTH,
        1,
        step -> {
          Operand from = out.address("i8", SOURCE, out.multiply(step, STRIDE));
          Operand to = out.address(element(), PANEL, out.multiply(step, Operand.i64(width)));
          out.prefetchToSecondCache(out.address("i8", from, later));
          for (int v = 0; v < width / lanes; v++) {
            Operand on = Operand.i64((long) v * lanes);
            Operand place = out.address(element(), from, on);
            Operand value =
                masked ? out.maskedLoad(vector(), place, masks.get(v)) : out.load(vector(), place);
            out.store(value, out.address(element(), to, on));
          }
        });
  }

  /** For a source whose steps lie next to each other; the stride is that of lines. */
  String turning(ModuleWriter module) {
    String name = name("turn");
    return module.library(
        name,
        () -> {
          FunctionWriter out = new FunctionWriter(module);
          Operand last = out.subtract(LINES, Operand.i64(1));
          Operand main = out.binary("and", DEPTH, Operand.i64(-lanes));
          Operand rest = out.subtract(DEPTH, main);
          Operand any = out.compare("icmp sgt", rest, Operand.i64(0));
          out.loop(
              Operand.i64(0),
              WIDTH,
              lanes,
              first -> {
                List<Operand> lines = lines(out, first, last);
                Operand panel = out.address(element(), PANEL, first);
                out.loop(
                    Operand.i64(0), main, lanes, step -> square(out, lines, panel, step, null));
                out.when(any, () -> square(out, lines, panel, main, rest));
              });
          return function(name, out);
        });
  }

  /** Where lines begin; for those that are not there, where the last one does. */
  private List<Operand> lines(FunctionWriter out, Operand first, Operand last) {
    List<Operand> lines = new ArrayList<>();
    for (int line = 0; line < lanes; line++) {
      Operand number = out.minimum(out.add(first, Operand.i64(line)), last);
      lines.add(out.address("i8", SOURCE, out.multiply(number, STRIDE)));
    }
    return lines;
  }

  /** Turns as many steps of as many lines as a vector has elements, or {@code rest} steps. */
  private void square(
      FunctionWriter out, List<Operand> lines, Operand panel, Operand step, Operand rest) {
    List<Operand> vectors = new ArrayList<>();
    Operand mask = rest == null ? null : out.mask(rest, lanes);
    for (Operand line : lines) {
      Operand place = out.address(element(), line, step);
      if (rest == null) {
        out.prefetch(out.address("i8", place, Operand.i64(FETCHED_BYTES)));
      }
      vectors.add(mask == null ? out.load(vector(), place) : out.maskedLoad(vector(), place, mask));
    }
    turn(out, vectors);
    Operand to = out.address(element(), panel, out.multiply(step, WIDTH));
    for (int i = 0; i < lanes; i++) {
      Operand value = vectors.get(i);
      Operand place = to;
      if (rest == null) {
        out.store(value, place);
      } else {
        Operand inside = out.compare("icmp sgt", rest, Operand.i64(i));
        out.when(inside, () -> out.store(value, place));
      }
      to = out.address(element(), to, WIDTH);
    }
  }

  /** Transposes a square of vectors: swaps elements that differ in one bit of their place. */
  private void turn(FunctionWriter out, List<Operand> vectors) {
    for (int bit = 1; bit < lanes; bit *= 2) {
      int[] low = new int[lanes];
      int[] high = new int[lanes];
      for (int lane = 0; lane < lanes; lane++) {
        boolean upper = (lane & bit) != 0;
        low[lane] = upper ? lanes + lane - bit : lane;
        high[lane] = upper ? lanes + lane : lane + bit;
      }
      for (int i = 0; i < lanes; i++) {
        if ((i & bit) == 0) {
          Operand one = vectors.get(i);
          Operand other = vectors.get(i + bit);
          vectors.set(i, out.shuffle(one, other, low));
          vectors.set(i + bit, out.shuffle(one, other, high));
        }
      }
    }
  }
}
