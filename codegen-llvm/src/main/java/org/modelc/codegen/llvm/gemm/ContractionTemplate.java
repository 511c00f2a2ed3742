package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;

/**
 * Matrix products by register tiles over packed panels (Goto and van de Geijn, Anatomy of
 * High-Performance Matrix Multiplication, 2008), with any expressions around them: factors are
 * computed while they are packed, results where a tile is stored.
 */
public final class ContractionTemplate implements Template {
  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    Contraction product = Contraction.of(CollapsedNest.of(nest));
    if (product == null) {
      return null;
    }
    KernelFunction function = program.function();
    new ProductWriter(product, function).write();
    List<String> schedule = product.schedule("contraction");
    return List.of(program.phase(nest, function, schedule));
  }
}
