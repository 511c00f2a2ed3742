package org.modelc.ir.kernel;

import java.util.Collections;
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
    coefficients = Collections.unmodifiableMap(coefficients);
  }

  private AffineIndex(Sum sum) {
    this(sum.coefficients, sum.offset);
  }

  /** The affine form of an index expression, or null if it has none. */
  public static AffineIndex of(Expr expr) {
    Sum sum = new Sum();
    return sum.add(expr, Dim.ONE) ? new AffineIndex(sum) : null;
  }

  /** The row-major position of an element; null if an index has no affine form. */
  public static AffineIndex flat(Buffer buffer, List<Expr> index) {
    Sum sum = new Sum();
    Dim stride = Dim.ONE;
    for (int i = index.size() - 1; i >= 0; i--) {
      if (!sum.add(index.get(i), stride)) {
        return null;
      }
      stride = stride.times(buffer.shape().get(i));
    }
    return new AffineIndex(sum);
  }

  /** Terms that are added up in place: emitters ask for indices a hundred thousand times. */
  private static final class Sum {
    private final Map<String, Dim> coefficients = new TreeMap<>();
    private Dim offset = Dim.ZERO;

    /** Adds {@code factor × expr}; whether it has an affine form. */
    boolean add(Expr expr, Dim factor) {
      if (expr instanceof Expr.IntConst constant) {
        offset = offset.plus(factor.times(constant.value()));
      } else if (expr instanceof Expr.Size size) {
        offset = offset.plus(factor.times(size.dim()));
      } else if (expr instanceof Expr.Var variable) {
        add(variable.name(), factor);
      } else {
        return expr instanceof Expr.Apply apply && add(apply, factor);
      }
      return true;
    }

    private boolean add(Expr.Apply apply, Dim factor) {
      Expr left = apply.operands().get(0);
      Expr right = apply.operands().get(apply.operands().size() - 1);
      if (apply.op() == ScalarOp.ADD) {
        return add(left, factor) && add(right, factor);
      } else if (apply.op() == ScalarOp.SUBTRACT) {
        return add(left, factor) && add(right, factor.times(-1));
      } else if (apply.op() == ScalarOp.NEGATE) {
        return add(left, factor.times(-1));
      }
      return apply.op() == ScalarOp.MULTIPLY
          && (addScaled(left, right, factor) || addScaled(right, left, factor));
    }

    /** Adds the product of an expression and one without axes; whether the second is such. */
    private boolean addScaled(Expr expr, Expr scale, Dim factor) {
      AffineIndex constant = AffineIndex.of(scale);
      return constant != null
          && constant.coefficients.isEmpty()
          && add(expr, factor.times(constant.offset));
    }

    void add(String axis, Dim coefficient) {
      Dim old = coefficients.get(axis);
      Dim sum = old == null ? coefficient : old.plus(coefficient);
      if (sum.is(0)) {
        coefficients.remove(axis);
      } else {
        coefficients.put(axis, sum);
      }
    }
  }

  public AffineIndex plus(AffineIndex other) {
    return plus(other, Dim.ONE);
  }

  public AffineIndex times(Dim factor) {
    return new AffineIndex(Map.of(), Dim.ZERO).plus(this, factor);
  }

  private AffineIndex plus(AffineIndex other, Dim factor) {
    Sum sum = new Sum();
    sum.coefficients.putAll(coefficients);
    sum.offset = offset.plus(other.offset.times(factor));
    other.coefficients.forEach((axis, dim) -> sum.add(axis, dim.times(factor)));
    return new AffineIndex(sum);
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
