package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Where an op emits its kernels. An op may emit several, with temporaries between them; the order
 * is that of emission.
 */
public interface Lowering<A extends Record> {
  A attributes();

  /** The operands' buffers. */
  List<Buffer> operands();

  /** The buffers to be written. */
  List<Buffer> results();

  default Buffer operand(int index) {
    return operands().get(index);
  }

  default Buffer result() {
    return results().get(0);
  }

  /** Axes over a shape, named afresh. */
  List<Axis> axes(List<Dim> shape);

  /** A new buffer between kernels of this op. */
  Buffer temporary(DType dtype, List<Dim> shape);

  /** Emits a nest without reductions: one element for each point. */
  void elementwise(List<Axis> parallel, Buffer target, List<Expr> index, Expr value);

  /** Emits a nest. */
  void nest(
      List<Axis> parallel,
      List<Axis> reduce,
      List<LoopNest.Reduction> reductions,
      List<LoopNest.Store> stores);

  /** Emits statements: for what no nest expresses. */
  void statements(Stmt body);

  /** Makes the result another name for an operand's elements in the same order. */
  void alias(Buffer result, Buffer operand);

  /** Fills a buffer from the program's constant pool, once per session. */
  void literal(Buffer result, Literal data);

  /** Axes as index expressions. */
  static List<Expr> index(List<Axis> axes) {
    return axes.stream().<Expr>map(Axis::variable).toList();
  }
}
