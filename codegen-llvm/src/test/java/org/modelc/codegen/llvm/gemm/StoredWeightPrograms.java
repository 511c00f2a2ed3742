package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Products of floats {@code a} with weights {@code b} of 32, 16, 8 or 4 bits, as a program has
 * them.
 */
final class StoredWeightPrograms {
  private StoredWeightPrograms() {}

  static KernelProgram of(int rows, int columns, int depth, int bits) {
    return of(Dim.constant(rows), columns, depth, bits, left -> left);
  }

  /** With weights of a floating type. */
  static KernelProgram of(int rows, int columns, int depth, DType weights) {
    return of(Dim.constant(rows), columns, depth, 32, DType.F32, weights, left -> left);
  }

  /**
   * A program.
   *
   * @param left what is multiplied, of the elements of {@code a}
   */
  static KernelProgram of(Dim rows, int columns, int depth, int bits, UnaryOperator<Expr> left) {
    DType weights = bits == 32 ? DType.F32 : DType.I8;
    return of(rows, columns, depth, bits, DType.F32, weights, left);
  }

  /** With an input of bytes, whose products add up in i32. */
  static KernelProgram ofBytes(
      Dim rows, int columns, int depth, int bits, UnaryOperator<Expr> left) {
    return of(rows, columns, depth, bits, DType.I8, DType.I8, left);
  }

  private static KernelProgram of(
      Dim rows,
      int columns,
      int depth,
      int bits,
      DType input,
      DType dtype,
      UnaryOperator<Expr> left) {
    DType sum = input == DType.I8 ? DType.I32 : DType.F32;
    Axis i = new Axis("i", rows);
    Axis j = new Axis("j", Dim.constant(columns));
    Axis k = new Axis("k", Dim.constant(depth));
    Dim stored = Dim.constant(bits == 4 ? (depth + 1) / 2 : depth);
    Buffer a = new Buffer("a", input, List.of(i.extent(), k.extent()));
    Buffer b = new Buffer("b", dtype, List.of(stored, j.extent()));
    Buffer unpacked = new Buffer("t", DType.I8, List.of(k.extent(), j.extent()));
    Buffer sums = new Buffer("sums", sum, List.of(i.extent(), j.extent()));
    List<Kernel> kernels = new ArrayList<>();
    if (bits == 4) {
      kernels.add(unpacking(k, j, b, unpacked));
    }
    List<Expr> place = List.of(k.variable(), j.variable());
    Expr weight = new Expr.Load(bits == 4 ? unpacked : b, place);
    Expr wide = bits == 32 ? weight : Expr.cast(sum, Expr.cast(DType.I32, weight));
    Expr given = new Expr.Load(a, List.of(i.variable(), k.variable()));
    Expr factor = Expr.cast(sum, left.apply(given));
    Expr zero = sum == DType.I32 ? Expr.integer(0) : Expr.constant(sum, 0);
    kernels.add(
        new LoopNest(
            "product",
            List.of(i, j),
            List.of(k),
            List.of(new LoopNest.Reduction(Combiner.SUM, zero, factor.times(wide))),
            List.of(
                new LoopNest.Store(
                    sums, List.of(i.variable(), j.variable()), LoopNest.reduced(0, sum))),
            List.of()));
    List<Parameter> parameters =
        List.of(
            new Parameter(a, Role.INPUT, null),
            new Parameter(b, Role.PARAMETER, null),
            new Parameter(sums, Role.OUTPUT, null));
    return new KernelProgram(
        "p",
        List.copyOf(rows.symbols()),
        List.of(),
        parameters,
        bits == 4 ? List.of(unpacked) : List.of(),
        Map.of(),
        Map.of(),
        kernels,
        null);
  }

  /** What {@code unpack_int4} is as a kernel. */
  private static LoopNest unpacking(Axis k, Axis j, Buffer from, Buffer to) {
    Expr pair = Expr.apply(ScalarOp.SHIFT_RIGHT, k.variable(), Expr.integer(1));
    Expr whole = Expr.cast(DType.I32, new Expr.Load(from, List.of(pair, j.variable())));
    Expr isHigh = Expr.apply(ScalarOp.AND, k.variable(), Expr.integer(1));
    Expr unused = Expr.integer(28).minus(isHigh.times(Expr.integer(4)));
    Expr up = Expr.apply(ScalarOp.SHIFT_LEFT, whole, unused);
    Expr half = Expr.cast(DType.I8, Expr.apply(ScalarOp.SHIFT_RIGHT, up, Expr.integer(28)));
    List<Expr> index = List.of(k.variable(), j.variable());
    return new LoopNest(
        "unpack",
        List.of(k, j),
        List.of(),
        List.of(),
        List.of(new LoopNest.Store(to, index, half)),
        List.of());
  }
}
