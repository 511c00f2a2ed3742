package org.modelc.codegen.llvm.emit;

import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.ir.kernel.Axis;

/**
 * A joined axis of which each point of another axis takes a part.
 *
 * @param axis the joined axis
 * @param block the axis of the parts
 * @param multiple parts begin at multiples of this
 */
record ReduceRange(Axis axis, Axis block, long multiple) {
  /** Binds the part's limits. */
  Scope bind(KernelFunction function, Scope scope) {
    FunctionWriter writer = function.writer();
    long parts = block.extent().value();
    Operand extent = function.dim(axis.extent());
    Operand above = writer.add(extent, Operand.i64(parts * multiple - 1));
    Operand units = writer.binary("udiv", above, Operand.i64(parts * multiple));
    Operand size = writer.multiply(units, Operand.i64(multiple));
    Operand from = writer.multiply(scope.values().get(block.name()), size);
    Operand to = writer.minimum(writer.add(from, size), extent);
    Scope bound = scope.copy();
    bound.values().put(axis.name() + " from", writer.minimum(from, extent));
    bound.values().put(axis.name() + " to", to);
    return bound;
  }

  Operand from(Scope scope) {
    return scope.values().get(axis.name() + " from");
  }

  Operand to(Scope scope) {
    return scope.values().get(axis.name() + " to");
  }
}
