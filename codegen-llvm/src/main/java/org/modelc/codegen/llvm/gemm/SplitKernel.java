package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * A microkernel that calls two of fewer rows: for tiles of which a product has one at most, and
 * which are not worth code of their own.
 */
record SplitKernel(MicroKernel whole) {
  /** Rows of the second one, an odd number: those of the first are even, as of all other tiles. */
  static final int LAST_ROWS = 3;

  /** The function's name; it is added to the module if it is not there. */
  String function(ModuleWriter module) {
    String name = whole.name() + ".split";
    return module.library(name, () -> text(name, module));
  }

  private String text(String name, ModuleWriter module) {
    MicroKernel.Kind kind = whole.kind();
    boolean copies = kind.right() == MicroKernel.Right.COPIED;
    int before = whole.rows() - LAST_ROWS;
    String first = new MicroKernel(whole.tile(), before, kind).function(module);
    MicroKernel.Kind rest = copies ? kind.with(MicroKernel.Right.PANEL) : kind;
    String second = new MicroKernel(whole.tile(), LAST_ROWS, rest).function(module);
    FunctionWriter out = new FunctionWriter(module);
    List<Operand> given = whole.parameters();
    out.call("void", first, given.toArray(Operand[]::new));
    Operand[] later = given.toArray(Operand[]::new);
    Operand count = Operand.i64(before);
    later[0] = out.address("i8", given.get(0), out.multiply(count, whole.leftRowBytes()));
    if (copies) {
      // The first has written the panel; nothing need be fetched of it.
      later[2] = given.get(given.size() - 2);
      later[3] = Operand.i64(whole.tile().rightStep());
      later[given.size() - 1] = Operand.i64(0);
    }
    later[4] = out.address("i8", given.get(4), out.multiply(count, given.get(5)));
    out.call("void", second, later);
    out.line("ret void");
    return whole.header(name) + out.body() + "}\n";
  }
}
