package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/** A {@link ScalarOp} of one operand applied to each element. */
public abstract class UnaryOp extends ElementwiseOp<NoAttributes> {
  private final ScalarOp scalar;
  private final Domain domain;

  protected UnaryOp(String name, ScalarOp scalar, Domain domain) {
    super(name, NoAttributes.class, "x");
    this.scalar = scalar;
    this.domain = domain;
  }

  /** An op that overrides {@link #compute} and {@link #express}. */
  protected UnaryOp(String name, Domain domain) {
    this(name, null, domain);
  }

  @Override
  protected double compute(NoAttributes attributes, List<DType> dtypes, double[] operands) {
    return ScalarFunctions.apply(scalar, dtypes.get(0), operands);
  }

  @Override
  protected Expr express(NoAttributes attributes, List<Expr> operands) {
    return Expr.apply(scalar, operands.get(0));
  }

  @Override
  protected final DType resultType(NoAttributes attributes, List<DType> dtypes) {
    domain.check(name(), dtypes.get(0));
    return scalar == ScalarOp.IS_FINITE ? DType.BOOL : dtypes.get(0);
  }
}
