package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.type.ValueType;

/** Checks of operands that all ops share. */
public final class Operands {
  private Operands() {}

  /**
   * Checks the number of operands against the op's operand names.
   *
   * @throws OpException if there are more or fewer
   */
  public static void checkCount(OpDef<?> op, List<ValueType> operands) {
    List<String> names = op.operandNames();
    boolean open = !names.isEmpty() && names.get(names.size() - 1).endsWith("*");
    boolean fits = open ? operands.size() >= names.size() - 1 : operands.size() == names.size();
    if (!fits) {
      throw new OpException(
          op.name() + " takes " + names.size() + " operands, got " + operands.size(),
          "they are " + String.join(", ", names));
    }
  }

  /**
   * An axis counted from the front.
   *
   * @throws OpException if there is no such axis
   */
  public static int axis(String opName, int axis, int rank) {
    int counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw new OpException(
          opName + " has no axis " + axis + " in an operand of rank " + rank,
          rank == 0 ? "a scalar has no axes" : "axes run from " + -rank + " to " + (rank - 1));
    }
    return counted;
  }
}
