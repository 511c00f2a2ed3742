package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Lanes;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.Dim;

/**
 * Brings rows of a product's left factor into a worker's memory as microkernels read them: widened
 * or with the offset added, and with room for whole groups of steps. Behind a row's steps, where
 * the right factor is 0, lie any integers, or floats that are 0.
 */
final class IntegerRows {
  private final IntegerProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final IntegerArithmetic arithmetic;

  /** Steps that are packed at one go. */
  private final int lanes;

  IntegerRows(IntegerProduct product, KernelFunction function) {
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.arithmetic = product.tile().arithmetic();
    this.lanes = product.tile().lanes() * arithmetic.rightBytes / bytes();
  }

  /** Bytes of an element as it lies. */
  private int bytes() {
    return arithmetic.left.bytes();
  }

  /** Bytes behind the last row that packing writes. */
  int beyond() {
    return lanes * arithmetic.leftBytes;
  }

  /** Packs rows, the end excluded. */
  void pack(Scope batch, Operand first, Operand end, Operand memory) {
    AffineIndex place = place();
    if (place != null) {
      Operand source = address(place, batch, first);
      Operand count = math.subtract(end, first);
      out.call("void", copying(out.module()), source, stride(place), count, memory);
      return;
    }
    out.loop(
        first,
        end,
        1,
        row -> {
          Scope scope = new Points(function, math).bind(batch, product.whole().rows(), row);
          Operand on = math.times(math.subtract(row, first), rowBytes());
          anyRow(scope, out.address("i8", memory, on));
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
    return out.address(element(), pointer, position);
  }

  private String element() {
    return LlvmTypes.value(arithmetic.left);
  }

  private Operand stride(AffineIndex place) {
    Dim stride = Dim.ZERO;
    for (Axis axis : product.whole().rows()) {
      stride = place.coefficient(axis.name());
    }
    return function.dim(stride.times(bytes()));
  }

  /** A function {@code (ptr source, i64 stride, i64 rows, ptr to)}. */
  private String copying(ModuleWriter module) {
    long depth = product.depth();
    String name = "integers.rows." + arithmetic + "." + depth;
    return module.library(
        name,
        () -> {
          FunctionWriter writer = new FunctionWriter(module);
          writer.loop(
              Operand.i64(0),
              new Operand("i64", "%rows"),
              1,
              row -> {
                Operand stride = new Operand("i64", "%stride");
                Operand source = new Operand("ptr", "%source");
                Operand to = new Operand("ptr", "%to");
                Operand on = writer.multiply(row, Operand.i64(rowBytes()));
                copyRow(
                    writer,
                    writer.address("i8", source, writer.multiply(row, stride)),
                    writer.address("i8", to, on));
              });
          writer.line("ret void");
          return "define internal void @"
              + name
              + "(ptr noalias readonly nocapture %source, i64 %stride, i64 %rows,"
              + " ptr noalias writeonly nocapture %to) #0 {\n"
              + writer.body()
              + "}\n";
        });
  }

  private void copyRow(FunctionWriter writer, Operand from, Operand to) {
    long depth = product.depth();
    long whole = depth / lanes * lanes;
    writer.loop(Operand.i64(0), Operand.i64(whole), lanes, on -> copy(writer, from, to, on, lanes));
    long done = whole;
    for (int count = lanes / 2; count > 0; count /= 2) {
      if ((depth - done & count) != 0) {
        copy(writer, from, to, Operand.i64(done), count);
        done += count;
      }
    }
    // Integers of the next row, or any, times 0 are 0; floats may be NaN.
    for (long at = depth; at < product.tile().rowElements(depth) && bytes() > 1; at++) {
      writer.store(Operand.number(element(), 0), writer.address(element(), to, Operand.i64(at)));
    }
  }

  private void copy(FunctionWriter writer, Operand from, Operand to, Operand on, int count) {
    Operand elements =
        writer.load(LlvmTypes.vector(element(), count), writer.address(element(), from, on));
    writer.store(prepared(writer, elements), writer.address(arithmetic.leftElement(), to, on));
  }

  private Operand prepared(FunctionWriter writer, Operand elements) {
    Operand result = elements;
    if (arithmetic.offset != 0) {
      Operand offset = Operand.integer("i8", (byte) arithmetic.offset);
      result = writer.add(result, offset.splatConstant(elements.lanes()));
    }
    String type = LlvmTypes.vector(arithmetic.leftElement(), elements.lanes());
    return writer.convert("sext", result, type);
  }

  private void anyRow(Scope row, Operand to) {
    out.loop(
        Operand.i64(0),
        Operand.i64(product.depth()),
        lanes,
        on -> {
          Operand left = math.subtract(Operand.i64(product.depth()), on);
          Axis inner = product.inner();
          Lanes some = new Lanes(inner.name(), lanes, out.mask(left, lanes));
          Scope scope = row.with(inner.name(), on, inner.extent());
          Operand elements =
              new ExpressionWriter(function, scope, some, sum -> null).vector(product.left());
          Operand place = out.address(arithmetic.leftElement(), to, on);
          out.store(prepared(out, elements), place);
        });
  }
}
