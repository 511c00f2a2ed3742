package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Brings rows whose steps lie next to each other into memory as microkernels read them: widened if
 * need be, and with room for whole groups of steps. Behind a row's steps, where the right factor is
 * 0, lie any integers, or floats that are 0. Before them, if weights are unsigned, lies what makes
 * up for that: {@code −128 × Σq}, or {@code −8 × Σq} for weights of four bits, where four even
 * steps lie before the four odd ones between them.
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
    Operand start = out.address("i8", TO, on);
    Operand to = out.address("i8", start, Operand.i64(arithmetic().header()));
    long done = depth / lanes() * lanes();
    out.loop(
        Operand.i64(0), Operand.i64(done), lanes(), step -> copy(out, from, to, step, lanes()));
    if (done < depth && arithmetic().hasNibbles() && bytes() == 1) {
      Operand rest = Operand.i64(depth - done);
      String type = LlvmTypes.vector(element(), lanes());
      Operand place = out.address(element(), from, Operand.i64(done));
      Operand some = out.maskedLoad(type, place, out.mask(rest, lanes()));
      out.store(prepared(out, some), out.address("i8", to, Operand.i64(done)));
      done = depth;
    }
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
    if (arithmetic().hasCorrection()) {
      correct(out, start);
    }
  }

  /** A function {@code (ptr row)} that writes it before a row that is packed otherwise. */
  String correction(ModuleWriter module) {
    String name = "integers.correction." + arithmetic() + "." + depth;
    return module.library(
        name,
        () -> {
          FunctionWriter out = new FunctionWriter(module);
          correct(out, new Operand("ptr", "%row"));
          out.line("ret void");
          return "define internal void @" + name + "(ptr %row) #0 {\n" + out.body() + "}\n";
        });
  }

  private void correct(FunctionWriter out, Operand start) {
    Operand row = out.address("i8", start, Operand.i64(arithmetic().header()));
    // Halves have zeros there already, and other places.
    for (long at = depth; at < tile.rowElements(depth) && !arithmetic().hasNibbles(); at++) {
      out.store(Operand.integer("i8", 0), out.address("i8", row, Operand.i64(at)));
    }
    String type = LlvmTypes.vector("i32", tile.lanes());
    long quads = tile.rowElements(depth) / Integer.BYTES;
    long whole = quads / tile.lanes() * tile.lanes();
    Operand sums =
        out.loop(
                Operand.i64(0),
                Operand.i64(whole),
                tile.lanes(),
                List.of(Operand.zero(type)),
                (at, carried) -> {
                  Operand some = out.load(type, out.address("i32", row, at));
                  return List.of(counted(out, carried.get(0), some));
                })
            .get(0);
    if (whole < quads) {
      Operand mask = out.mask(Operand.i64(quads - whole), tile.lanes());
      Operand place = out.address("i32", row, Operand.i64(whole));
      sums = counted(out, sums, out.maskedLoad(type, place, mask));
    }
    Operand sum = out.joinLanes(sums, out::add);
    int offset = arithmetic().hasNibbles() ? Digits.HALF_OFFSET : IntegerArithmetic.OFFSET;
    out.store(out.multiply(sum, Operand.i32(-offset)), start);
  }

  /** Adds signed bytes to sums. */
  private Operand counted(FunctionWriter out, Operand sums, Operand quads) {
    Operand ones = Operand.i32(0x01010101).splatConstant(tile.lanes());
    return IntegerArithmetic.dot(out, sums, ones, quads);
  }

  private void copy(FunctionWriter out, Operand from, Operand to, Operand on, int count) {
    String type = LlvmTypes.vector(element(), count);
    Operand elements = out.load(type, out.address(element(), from, on));
    out.store(prepared(out, elements), out.address(arithmetic().leftElement(), to, on));
  }

  /** Elements as they are packed; of those that meet halves of bytes, whole groups. */
  Operand prepared(FunctionWriter out, Operand elements) {
    if (arithmetic().partsHalves()) {
      return out.shuffle(elements, elements, Digits.halvesApart(elements.lanes()));
    }
    String type = LlvmTypes.vector(arithmetic().leftElement(), elements.lanes());
    return out.convert("sext", elements, type);
  }
}
