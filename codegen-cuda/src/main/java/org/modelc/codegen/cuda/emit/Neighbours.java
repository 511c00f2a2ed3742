package org.modelc.codegen.cuda.emit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Four neighbouring points of the innermost axis that a thread takes in turn, so that what lies
 * side by side comes and goes as 16 bytes in one access. What does not lie so is accessed as ever.
 */
final class Neighbours {
  static final int FOUR = 4;

  /** Of more nodes the code of four would be long, and arithmetic rather than access takes time. */
  private static final int MOST_NODES = 48;

  private final KernelFunction function;
  private final Axis axis;
  private final Map<KernelFunction.Element, Expr.Load> loads = new LinkedHashMap<>();

  private Neighbours(KernelFunction function, Axis axis) {
    this.function = function;
    this.axis = axis;
  }

  /**
   * Those of a nest, or null where nothing of it lies side by side.
   *
   * @param axes what threads go over, the innermost last
   * @param outer the other axes
   * @param values what is computed at each point
   */
  static Neighbours of(
      KernelFunction function, List<Axis> axes, List<Axis> outer, List<Expr> values) {
    if (axes.isEmpty() || !isByFour(axes.get(axes.size() - 1).extent())) {
      return null;
    }
    axes.forEach(function::within);
    outer.forEach(function::within);
    Neighbours neighbours = new Neighbours(function, axes.get(axes.size() - 1));
    int[] nodes = {0};
    for (Expr value : values) {
      ExprWalk.visit(
          value,
          expr -> {
            nodes[0]++;
            if (expr instanceof Expr.Load load) {
              neighbours.take(load);
            }
          });
    }
    return neighbours.loads.isEmpty() || nodes[0] > MOST_NODES ? null : neighbours;
  }

  private static boolean isByFour(Dim dim) {
    return dim.terms().values().stream().allMatch(factor -> factor % FOUR == 0);
  }

  private void take(Expr.Load load) {
    if (function.scalar(load.buffer()) == null
        && function.isInside(load)
        && areSideBySide(load.buffer(), load.index())) {
      loads.putIfAbsent(KernelFunction.Element.of(load), load);
    }
  }

  /** Whether the elements at four points from every fourth on are 16 bytes that are aligned so. */
  boolean areSideBySide(Buffer buffer, List<Expr> index) {
    AffineIndex flat = AffineIndex.flat(buffer, index);
    boolean isWord = buffer.dtype() == DType.F32 || buffer.dtype() == DType.I32;
    return isWord
        && flat != null
        && flat.coefficient(axis.name()).is(1)
        && isByFour(flat.offset())
        && flat.coefficients().entrySet().stream()
            .allMatch(term -> term.getKey().equals(axis.name()) || isByFour(term.getValue()));
  }

  /**
   * Brings what lies side by side, and writes a body for each of the four points.
   *
   * @param body is given the variable that numbers them
   */
  void each(Consumer<String> body) {
    SourceText out = function.out();
    String number = function.fresh("k");
    loads.forEach(
        (element, load) -> {
          String four = function.fresh(function.pointer(load.buffer()) + "_four");
          String type = CudaTypes.storage(load.buffer().dtype());
          out.line(type + " " + four + "[" + FOUR + "];");
          out.line(
              function.prelude().call("load_four", four, address(load.buffer(), load.index()))
                  + ";");
          function.hold(element, four + "[" + number + "]");
        });
    out.line("#pragma unroll");
    String moved = function.variable(axis.name());
    String head = "for (int " + number + " = 0; " + number + " < " + FOUR + "; " + number + "++, ";
    out.block(head + moved + "++)", () -> body.accept(number));
    function.release();
  }

  /** The text of an element's address at the first of the points. */
  String address(Buffer buffer, List<Expr> index) {
    String place = new ExpressionWriter(function).index(buffer, index);
    return function.pointer(buffer) + " + (" + place + ")";
  }
}
