package org.modelc.ir.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Broadcast;
import org.modelc.runtime.spec.Dim;

/**
 * The rule of the language: missing leading dims and a literal 1 broadcast; a symbol never does,
 * though it be 1 at run time.
 */
public final class Broadcasting {
  private Broadcasting() {}

  /**
   * The shape that operands broadcast to.
   *
   * @throws OpException if two dims differ and neither is 1
   */
  public static List<Dim> commonShape(String opName, List<List<Dim>> shapes) {
    int rank = shapes.stream().mapToInt(List::size).max().orElse(0);
    List<Dim> common = new ArrayList<>(Collections.nCopies(rank, Dim.ONE));
    for (List<Dim> shape : shapes) {
      for (int i = 0; i < shape.size(); i++) {
        int axis = rank - shape.size() + i;
        Dim other = common.get(axis);
        if (other.is(1)) {
          common.set(axis, shape.get(i));
        } else if (!shape.get(i).equals(other) && !shape.get(i).is(1)) {
          throw mismatch(opName, shapes, other, shape.get(i));
        }
      }
    }
    return common;
  }

  private static OpException mismatch(String opName, List<List<Dim>> shapes, Dim left, Dim right) {
    String got = shapes.stream().map(Object::toString).collect(Collectors.joining(" and "));
    boolean dynamic = !left.isStatic() || !right.isStatic();
    return new OpException(
        opName + " cannot broadcast shapes " + got + ": " + left + " is not " + right,
        dynamic ? "only a literal 1 broadcasts, a named dim does not" : "");
  }

  /** The operands, each with a {@code broadcast} where its shape is not the common one. */
  public static List<Value> toCommonShape(
      GraphBuilder builder, String opName, List<Value> operands) {
    List<List<Dim>> shapes = operands.stream().map(operand -> operand.tensor().shape()).toList();
    List<Dim> common = commonShape(opName, shapes);
    return operands.stream().map(operand -> Broadcast.of(builder, operand, common)).toList();
  }
}
