package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/** A {@link ScalarOp} of two operands of one type applied to each pair of elements. */
public abstract class BinaryOp extends ElementwiseOp<NoAttributes> {
  private final ScalarOp scalar;
  private final Domain domain;

  protected BinaryOp(String name, ScalarOp scalar, Domain domain) {
    super(name, NoAttributes.class, "left", "right");
    this.scalar = scalar;
    this.domain = domain;
  }

  @Override
  protected final double compute(NoAttributes attributes, List<DType> dtypes, double[] operands) {
    return ScalarFunctions.apply(scalar, dtypes.get(0), operands);
  }

  @Override
  protected final Expr express(NoAttributes attributes, List<Expr> operands) {
    return Expr.apply(scalar, operands.get(0), operands.get(1));
  }

  @Override
  protected final DType resultType(NoAttributes attributes, List<DType> dtypes) {
    if (dtypes.get(0) != dtypes.get(1)) {
      throw new OpException(
          name() + " needs operands of one type, got " + dtypes.get(0) + " and " + dtypes.get(1),
          "convert one with cast");
    }
    domain.check(name(), dtypes.get(0));
    return scalar.isComparison() ? DType.BOOL : dtypes.get(0);
  }
}
