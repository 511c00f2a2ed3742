package org.modelc.dsl.elaborate;

import java.util.List;
import java.util.Optional;
import org.modelc.dsl.ast.Expression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.graph.Value;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;

/**
 * The operator {@code @}: its commonest mistake, a factor the wrong way round, is told with a hint.
 */
final class MatrixProduct {
  private MatrixProduct() {}

  static Meaning of(
      Elaboration elaboration, Expression.Binary expression, Value left, Value right, Scope scope) {
    TensorType a = left.tensor();
    TensorType b = right.tensor();
    boolean matrices = a.rank() >= 1 && b.rank() >= 2;
    if (!matrices || a.dim(-1).equals(b.dim(-2))) {
      return elaboration.tensors().apply("matmul", List.of(left, right), expression.span());
    }
    Dim inner = a.dim(-1);
    String message =
        "matmul needs equal inner dims, got "
            + scope.explained(inner)
            + " and "
            + scope.explained(b.dim(-2))
            + " in "
            + a
            + " @ "
            + b;
    return elaboration
        .problems()
        .report(DiagnosticCode.OPERATOR_TYPES, expression.span(), message, hint(expression, a, b));
  }

  private static Optional<String> hint(Expression.Binary expression, TensorType a, TensorType b) {
    if (b.rank() == 2 && a.dim(-1).equals(b.dim(-1))) {
      return Optional.of("did you mean transpose(" + expression.right().span().text() + ")?");
    }
    if (a.rank() == 2 && a.dim(0).equals(b.dim(-2))) {
      return Optional.of("did you mean transpose(" + expression.left().span().text() + ")?");
    }
    return Optional.empty();
  }
}
