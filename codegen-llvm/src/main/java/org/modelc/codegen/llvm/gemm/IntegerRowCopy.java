package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Brings rows whose steps lie next to each other into memory as microkernels read them: widened or
 * with the offset added, and with room for whole groups of steps. Behind a row's steps, where the
 * right factor is 0, lie any integers, or floats that are 0.
 *
 * @param depth steps of a row
 */
record IntegerRowCopy(IntegerTile tile, long depth) {
  private static final Operand SOURCE = new Operand("ptr", "%source");
  private static final Operand STRIDE = new Operand("i64", "%stride");
  private static final Operand TO = new Operand("ptr", "%to");

  private IntegerArithmetic arithmetic() {
    return tile.arithmetic();
  }

  /** Bytes of an element as it lies. */
  int bytes() {
    return arithmetic().left.bytes();
  }

  String element() {
    return LlvmTypes.value(arithmetic().left);
  }

  /** Steps that are packed at one go. */
  int lanes() {
    return bytes() == 1 ? tile.lanes() * arithmetic().rightBytes : tile.lanes();
  }

  /** Bytes behind the last row that packing writes. */
  int beyond() {
    return lanes() * arithmetic().leftBytes;
  }

  /** A function {@code (ptr source, i64 stride, i64 rows, ptr to)}, the stride in bytes. */
  String function(ModuleWriter module) {
    String name = "integers.rows." + arithmetic() + "." + depth;
    return module.library(
        name,
        () -> {
          FunctionWriter out = new FunctionWriter(module);
          out.loop(Operand.i64(0), new Operand("i64", "%rows"), 1, row -> row(out, row));
          out.line("ret void");
          return "define internal void @"
              + name
              + "(ptr noalias readonly nocapture %source, i64 %stride, i64 %rows,"
              + " ptr noalias writeonly nocapture %to) #0 {\n"
              + out.body()
              + "}\n";
        });
  }

  private void row(FunctionWriter out, Operand row) {
    Operand from = out.address("i8", SOURCE, out.multiply(row, STRIDE));
    Operand on = out.multiply(row, Operand.i64(tile.rowBytes(depth)));
    Operand to = out.address("i8", TO, on);
    long done = depth / lanes() * lanes();
    out.loop(
        Operand.i64(0), Operand.i64(done), lanes(), step -> copy(out, from, to, step, lanes()));
    for (int count = lanes() / 2; count > 0; count /= 2) {
      if ((depth - done & count) != 0) {
        copy(out, from, to, Operand.i64(done), count);
        done += count;
      }
    }
    // Integers of the next row, or any, times 0 are 0; floats may be NaN.
    for (long at = depth; at < tile.rowElements(depth) && bytes() > 1; at++) {
      out.store(Operand.number(element(), 0), out.address(element(), to, Operand.i64(at)));
    }
  }

  private void copy(FunctionWriter out, Operand from, Operand to, Operand on, int count) {
    String type = LlvmTypes.vector(element(), count);
    Operand elements = out.load(type, out.address(element(), from, on));
    out.store(prepared(out, elements), out.address(arithmetic().leftElement(), to, on));
  }

  /** Elements as they are packed. */
  Operand prepared(FunctionWriter out, Operand elements) {
    Operand result = elements;
    if (arithmetic().offset != 0) {
      Operand offset = Operand.integer("i8", (byte) arithmetic().offset);
      result = out.add(result, offset.splatConstant(elements.lanes()));
    }
    String type = LlvmTypes.vector(arithmetic().leftElement(), elements.lanes());
    return out.convert("sext", result, type);
  }
}
