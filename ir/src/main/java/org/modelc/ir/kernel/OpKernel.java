package org.modelc.ir.kernel;

import java.util.LinkedHashSet;
import java.util.List;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.op.CompositeOp;

/**
 * A composite op that the target claims whole: its backend has a template for it, so it is neither
 * expanded nor described by loops. No result lies in the memory of an operand.
 *
 * @param name for the reader, unique in the program
 * @param op what is computed; its expansion is its meaning
 * @param attributes the op's
 * @param operands in the op's order
 * @param results in the op's order
 * @param origin source places
 */
public record OpKernel(
    String name,
    CompositeOp<?> op,
    Record attributes,
    List<Buffer> operands,
    List<Buffer> results,
    List<SourceSpan> origin)
    implements Kernel {
  public OpKernel {
    operands = List.copyOf(operands);
    results = List.copyOf(results);
    origin = List.copyOf(origin);
  }

  @Override
  public List<Buffer> reads() {
    return List.copyOf(new LinkedHashSet<>(operands));
  }

  @Override
  public List<Buffer> writes() {
    return results;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.op(this);
  }

  @Override
  public String toString() {
    return KernelPrinter.print(this);
  }
}
