package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;

/**
 * Matrix products of bytes, added up in i32, with any expressions around them: what dequantises the
 * sums, and what quantises them again, so that bytes are what is stored.
 */
public final class IntegerTemplate implements Template {
  /** Whether a program has products of bytes, or of floats with bytes. */
  public static boolean takesAny(KernelProgram program) {
    return program.kernels().stream()
        .anyMatch(kernel -> kernel instanceof LoopNest nest && multipliesBytes(nest));
  }

  /** Whether a program has matrix products of bytes with bytes. */
  public static boolean takesBytes(KernelProgram program) {
    return program.kernels().stream()
        .anyMatch(
            kernel ->
                kernel instanceof LoopNest nest
                    && nest.reduce().size() == 1
                    && multipliesBytes(nest)
                    && !IntegerProduct.sumsFloats(nest));
  }

  private static boolean multipliesBytes(LoopNest nest) {
    return ProductReading.of(nest).stream()
        .filter(reading -> IntegerProduct.bytes(reading.right()) != null)
        .anyMatch(
            reading ->
                IntegerProduct.bytes(reading.left()) != null || IntegerProduct.sumsFloats(nest));
  }

  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    if (nest.reductions().size() != 1) {
      return null;
    }
    IntegerProduct product = IntegerProduct.of(CollapsedNest.of(nest), program.target());
    if (product == null) {
      return null;
    }
    KernelFunction function = program.function();
    write(product, product.ofManyRows(program.target()), function);
    List<String> schedule = product.whole().schedule("integers by " + product.tile().arithmetic());
    return List.of(program.phase(nest, function, schedule));
  }

  private static void write(IntegerProduct few, IntegerProduct many, KernelFunction function) {
    IntegerProductWriter rest = new IntegerProductWriter(many, function);
    if (many == few) {
      rest.write();
      return;
    }
    Arithmetic math = new Arithmetic(function.writer());
    Operand rows = function.dim(few.whole().rowCount());
    math.when(
        math.isBelow(rows, Operand.i64(IntegerArithmetic.FEW_ROWS + 1L)),
        () -> new IntegerProductWriter(few, function).write(),
        rest::write);
  }
}
