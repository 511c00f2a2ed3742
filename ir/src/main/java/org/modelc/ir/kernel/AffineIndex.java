package org.modelc.ir.kernel;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.runtime.spec.Dim;

/**
 * An index as {@code offset + Σ coefficient × axis}, with dims as coefficients.
 *
 * @param coefficients by axis name; no zeros
 * @param offset the constant part
 */
public record AffineIndex(Map<String, Dim> coefficients, Dim offset) {
  public AffineIndex {
    coefficients = Map.copyOf(coefficients);
  }

  /** The affine form of an index expression, or null if it has none. */
  public static AffineIndex of(Expr expr) {
    if (expr instanceof Expr.IntConst constant) {
      return new AffineIndex(Map.of(), Dim.constant(constant.value()));
    } else if (expr instanceof Expr.Size size) {
      return new AffineIndex(Map.of(), size.dim());
    } else if (expr instanceof Expr.Var variable) {
      return new AffineIndex(Map.of(variable.name(), Dim.ONE), Dim.ZERO);
    } else if (expr instanceof Expr.Apply apply) {
      return ofApply(apply);
    }
    return null;
  }

  /** The row-major position of an element; null if an index has no affine form. */
  public static AffineIndex flat(Buffer buffer, List<Expr> index) {
    AffineIndex sum = new AffineIndex(Map.of(), Dim.ZERO);
    Dim stride = Dim.ONE;
    for (int i = index.size() - 1; i >= 0; i--) {
      AffineIndex part = of(index.get(i));
      if (part == null) {
        return null;
      }
      sum = sum.plus(part.times(stride));
      stride = stride.times(buffer.shape().get(i));
    }
    return sum;
  }

  private static AffineIndex ofApply(Expr.Apply apply) {
    AffineIndex left = of(apply.operands().get(0));
    AffineIndex right = apply.operands().size() == 2 ? of(apply.operands().get(1)) : null;
    if (left == null || (right == null && apply.op() != ScalarOp.NEGATE)) {
      return null;
    }
    if (apply.op() == ScalarOp.ADD) {
      return left.plus(right);
    } else if (apply.op() == ScalarOp.SUBTRACT) {
      return left.plus(right.times(Dim.constant(-1)));
    } else if (apply.op() == ScalarOp.NEGATE) {
      return left.times(Dim.constant(-1));
    } else if (apply.op() == ScalarOp.MULTIPLY && right.coefficients.isEmpty()) {
      return left.times(right.offset);
    } else if (apply.op() == ScalarOp.MULTIPLY && left.coefficients.isEmpty()) {
      return right.times(left.offset);
    }
    return null;
  }

  public AffineIndex plus(AffineIndex other) {
    Map<String, Dim> sum = new TreeMap<>(coefficients);
    for (Map.Entry<String, Dim> term : other.coefficients.entrySet()) {
      Dim value = sum.getOrDefault(term.getKey(), Dim.ZERO).plus(term.getValue());
      if (value.is(0)) {
        sum.remove(term.getKey());
      } else {
        sum.put(term.getKey(), value);
      }
    }
    return new AffineIndex(sum, offset.plus(other.offset));
  }

  public AffineIndex times(Dim factor) {
    Map<String, Dim> product = new TreeMap<>();
    if (!factor.is(0)) {
      coefficients.forEach((axis, dim) -> product.put(axis, dim.times(factor)));
    }
    return new AffineIndex(product, offset.times(factor));
  }

  /** The coefficient of an axis; 0 if it does not occur. */
  public Dim coefficient(String axis) {
    return coefficients.getOrDefault(axis, Dim.ZERO);
  }

  /** Whether this is the axis itself. */
  public boolean isAxis(String axis) {
    return offset.is(0) && coefficients.size() == 1 && coefficient(axis).is(1);
  }
}
