package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.runtime.spec.DType;

/**
 * A tile of a windowed product whose sums stay in registers: {@code c[r, v] = initial + Σ over
 * steps of a[r, step] × b[step, v]}, both read where they lie, added in the order of the steps.
 *
 * <p>The function takes {@code (ptr a, ptr b, ptr c, i64 row stride of c in bytes, i64 columns)}.
 *
 * @param rows rows of the tile
 * @param vectors vectors of a row
 * @param rowStep elements from row to row of {@code a}
 * @param steps the axes that are summed over, outermost first
 * @param masked whether only the given columns are read
 */
record WindowKernel(
    DType dtype,
    int lanes,
    int rows,
    int vectors,
    long rowStep,
    List<Step> steps,
    double initial,
    boolean masked) {
  /**
   * An axis that is summed over.
   *
   * @param left elements from one to the next in {@code a}
   * @param right elements from one to the next in {@code b}
   */
  record Step(long extent, long left, long right) {
    @Override
    public String toString() {
      return extent + "x" + left + "x" + right;
    }
  }

  /**
   * The most steps of the innermost axis without a loop. More, and LLVM would collect their loads
   * and run out of vector registers.
   */
  private static final long UNROLLED = 3;

  WindowKernel {
    steps = List.copyOf(steps);
  }

  /** The function's name; it is added to the module if it is not there. */
  String function(ModuleWriter module) {
    return module.library(name(), () -> new Body(module).text());
  }

  private String name() {
    StringBuilder name = new StringBuilder("window.").append(LlvmTypes.suffix(element()));
    name.append('.').append(rows).append('x').append(vectors).append(".r").append(rowStep);
    steps.forEach(step -> name.append(".s").append(step));
    if (initial != 0) {
      name.append(".i").append(Double.doubleToLongBits(initial));
    }
    return name.append(masked ? ".masked" : "").toString();
  }

  private String element() {
    return LlvmTypes.value(dtype);
  }

  /** Writes the function. */
  private final class Body {
    private final FunctionWriter out;
    private final String vector = LlvmTypes.vector(element(), lanes);
    private final List<Operand> masks = new ArrayList<>();

    Body(ModuleWriter module) {
      this.out = new FunctionWriter(module);
    }

    String text() {
      for (int v = 0; masked && v < vectors; v++) {
        Operand left = out.subtract(new Operand("i64", "%columns"), Operand.i64((long) v * lanes));
        masks.add(out.mask(left, lanes));
      }
      Operand start = out.splat(Operand.number(element(), initial), lanes);
      List<Operand> sums = new ArrayList<>();
      for (int i = 0; i < rows * vectors; i++) {
        sums.add(start);
      }
      store(over(0, sums, new Operand("ptr", "%a"), new Operand("ptr", "%b")));
      out.line("ret void");
      String parameters =
          "(ptr noalias readonly nocapture %a, ptr noalias readonly nocapture %b,"
              + " ptr noalias writeonly nocapture %c, i64 %cs, i64 %columns) #0 {\n";
      return "define internal void @" + name() + parameters + out.body() + "}\n";
    }

    private List<Operand> over(int axis, List<Operand> sums, Operand a, Operand b) {
      if (axis == steps.size()) {
        List<Operand> next = new ArrayList<>(sums);
        step(next, a, b);
        return next;
      }
      Step step = steps.get(axis);
      if (axis == steps.size() - 1 && step.extent <= UNROLLED) {
        List<Operand> next = sums;
        for (long i = 0; i < step.extent; i++) {
          next = over(axis + 1, next, moved(a, i * step.left), moved(b, i * step.right));
        }
        return next;
      }
      return out.loop(
          Operand.i64(0),
          Operand.i64(step.extent),
          1,
          sums,
          (index, carried) ->
              over(
                  axis + 1,
                  carried,
                  out.address(element(), a, out.multiply(index, Operand.i64(step.left))),
                  out.address(element(), b, out.multiply(index, Operand.i64(step.right)))));
    }

    private Operand moved(Operand pointer, long elements) {
      return out.address(element(), pointer, Operand.i64(elements));
    }

    private void step(List<Operand> sums, Operand a, Operand b) {
      List<Operand> right = new ArrayList<>();
      for (int v = 0; v < vectors; v++) {
        Operand place = moved(b, (long) v * lanes);
        right.add(masked ? out.maskedLoad(vector, place, masks.get(v)) : out.load(vector, place));
      }
      for (int r = 0; r < rows; r++) {
        Operand factor = out.splat(out.load(element(), moved(a, r * rowStep)), lanes);
        for (int v = 0; v < vectors; v++) {
          int at = r * vectors + v;
          sums.set(at, out.multiplyAdd(factor, right.get(v), sums.get(at)));
        }
      }
    }

    /** Whole vectors, for which the tile has room. */
    private void store(List<Operand> sums) {
      Operand row = new Operand("ptr", "%c");
      for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
          out.store(sums.get(r * vectors + v), moved(row, (long) v * lanes));
        }
        row = out.address("i8", row, new Operand("i64", "%cs"));
      }
    }
  }
}
