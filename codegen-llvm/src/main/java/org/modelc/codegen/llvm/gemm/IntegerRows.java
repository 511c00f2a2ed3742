package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Lanes;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.Dim;

/**
 * Brings rows of a product's left factor into a worker's memory, as {@link IntegerRowCopy} does: by
 * that where steps lie next to each other, else as an expression, step by step.
 */
final class IntegerRows {
  private final IntegerProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final IntegerRowCopy copy;
  private final Digits digits;

  IntegerRows(IntegerProduct product, KernelFunction function) {
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.copy = new IntegerRowCopy(product.tile(), product.depth());
    IntegerArithmetic arithmetic = product.tile().arithmetic();
    this.digits =
        arithmetic.hasDigits()
            ? new Digits(arithmetic.digits(), product.tile().lanes(), product.depth())
            : null;
  }

  /** Whether rows lie where they could be read without packing them. */
  boolean lieAsTilesReadThem() {
    AffineIndex place = place();
    return product.tile().arithmetic().hasTiles()
        && place != null
        && stride(place).is(rowBytes())
        && product.depth() % TileKernel.DEPTH == 0;
  }

  /** Where a row lies. */
  Operand source(Scope batch, Operand row) {
    return address(place(), batch, row);
  }

  /** Bytes behind the last row that packing writes. */
  long beyond() {
    // Floats that are computed wait there to become digits.
    long floats = digits != null && place() == null ? rowBytes() : 0;
    return copy.beyond() + floats;
  }

  private String function() {
    return digits == null ? copy.function(out.module()) : digits.function(out.module(), rowBytes());
  }

  /**
   * Packs rows, the end excluded.
   *
   * @param behind the place behind the most rows
   */
  void pack(Scope batch, Operand first, Operand end, Operand memory, Operand behind) {
    AffineIndex place = place();
    if (place != null) {
      Operand source = address(place, batch, first);
      Operand count = math.subtract(end, first);
      out.call("void", function(), source, stride(place), count, memory);
      return;
    }
    out.loop(
        first,
        end,
        1,
        row -> {
          Scope scope = new Points(function, math).bind(batch, product.whole().rows(), row);
          Operand on = math.times(math.subtract(row, first), rowBytes());
          Operand to = out.address("i8", memory, on);
          if (digits == null) {
            anyRow(scope, math.on(to, Operand.i64(product.tile().arithmetic().header())));
            if (product.tile().arithmetic().hasCorrection()) {
              out.call("void", copy.correction(out.module()), to);
            }
          } else {
            Operand floats = math.on(behind, Operand.i64(copy.beyond()));
            anyRow(scope, floats);
            out.call("void", function(), floats, Operand.i64(0), Operand.i64(1), to);
          }
        });
  }

  private long rowBytes() {
    return product.tile().rowBytes(product.depth());
  }

  /** Where a factor lies whose rows' steps are next to each other; else null. */
  private AffineIndex place() {
    if (!(product.left() instanceof Expr.Load load) || product.whole().rows().size() > 1) {
      return null;
    }
    AffineIndex place = AffineIndex.flat(load.buffer(), load.index());
    boolean inOrder = place != null && place.coefficient(product.inner().name()).is(1);
    return inOrder ? place : null;
  }

  private Operand address(AffineIndex place, Scope batch, Operand row) {
    Scope scope = batch;
    for (Axis axis : product.whole().rows()) {
      scope = scope.with(axis.name(), row, axis.extent());
    }
    Operand position = new Points(function, math).position(place, scope);
    Operand pointer = function.pointer(((Expr.Load) product.left()).buffer());
    return out.address(copy.element(), pointer, position);
  }

  private Operand stride(AffineIndex place) {
    Dim stride = Dim.ZERO;
    for (Axis axis : product.whole().rows()) {
      stride = place.coefficient(axis.name());
    }
    return function.dim(stride.times(copy.bytes()));
  }

  private void anyRow(Scope row, Operand to) {
    out.loop(
        Operand.i64(0),
        Operand.i64(product.depth()),
        copy.lanes(),
        on -> {
          Operand left = math.subtract(Operand.i64(product.depth()), on);
          Axis inner = product.inner();
          Operand mask = out.mask(left, copy.lanes());
          Lanes some = new Lanes(inner.name(), copy.lanes(), mask);
          Scope scope = row.with(inner.name(), on, inner.extent());
          Operand elements =
              new ExpressionWriter(function, scope, some, sum -> null).vector(product.left());
          if (product.tile().arithmetic().partsHalves()) {
            elements = out.select(mask, elements, Operand.zero(elements.type()));
          }
          Operand place = out.address(product.tile().arithmetic().leftElement(), to, on);
          out.store(copy.prepared(out, elements), place);
        });
  }
}
