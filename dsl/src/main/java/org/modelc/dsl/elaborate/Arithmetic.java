package org.modelc.dsl.elaborate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.BinaryOperator;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.UnaryOperator;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.graph.Value;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** The operators, on static values and on tensors. */
final class Arithmetic {
  private Arithmetic() {}

  static Meaning unary(Elaboration elaboration, Expression.Unary expression, Meaning operand) {
    if (operand.isFailed()) {
      return Meaning.FAILED;
    }
    boolean not = expression.operator() == UnaryOperator.NOT;
    if (operand instanceof Meaning.Tensor tensor) {
      String op = not ? "logical_not" : "negate";
      return elaboration.tensors().apply(op, List.of(tensor.value()), expression.span());
    }
    if (not && operand instanceof Meaning.Bool truth) {
      return new Meaning.Bool(!truth.value());
    }
    if (!not && operand instanceof Meaning.Int number) {
      return new Meaning.Int(number.dim().times(-1));
    }
    if (!not && operand instanceof Meaning.Real number) {
      return new Meaning.Real(-number.value());
    }
    return elaboration
        .problems()
        .report(
            DiagnosticCode.OPERATOR_TYPES,
            expression.span(),
            "`" + expression.operator().sign() + "` cannot take " + operand.describe());
  }

  static Meaning binary(
      Elaboration elaboration,
      Expression.Binary expression,
      Meaning left,
      Meaning right,
      Scope scope) {
    if (left.isFailed() || right.isFailed()) {
      return Meaning.FAILED;
    }
    if (left instanceof Meaning.Tensor || right instanceof Meaning.Tensor) {
      return tensors(elaboration, expression, left, right, scope);
    }
    Meaning result = statics(elaboration, expression, left, right);
    if (result == null && elaboration.unlearned().has(left, right)) {
      return Meaning.FAILED;
    }
    return result != null
        ? result
        : elaboration
            .problems()
            .report(
                DiagnosticCode.OPERATOR_TYPES,
                expression.span(),
                "`"
                    + expression.operator().sign()
                    + "` cannot take "
                    + left.describe()
                    + " and "
                    + right.describe());
  }

  private static Meaning statics(
      Elaboration elaboration, Expression.Binary expression, Meaning left, Meaning right) {
    BinaryOperator operator = expression.operator();
    if (left instanceof Meaning.Int a && right instanceof Meaning.Int b) {
      return integers(elaboration, expression, a.dim(), b.dim());
    }
    if (left instanceof Meaning.Bool a && right instanceof Meaning.Bool b) {
      return bools(operator, a.value(), b.value());
    }
    if (left instanceof Meaning.Text a && right instanceof Meaning.Text b) {
      return operator == BinaryOperator.CONCAT
          ? new Meaning.Text(a.value() + b.value())
          : equality(operator, a.value().equals(b.value()));
    }
    if (left instanceof Meaning.ListOf a && right instanceof Meaning.ListOf b) {
      return lists(operator, a, b);
    }
    Double a = real(left);
    Double b = real(right);
    return a == null || b == null ? null : reals(operator, a, b);
  }

  private static Double real(Meaning meaning) {
    if (meaning instanceof Meaning.Real number) {
      return number.value();
    }
    boolean whole = meaning instanceof Meaning.Int && meaning.isStatic();
    return whole ? (double) ((Meaning.Int) meaning).dim().value() : null;
  }

  private static Meaning lists(BinaryOperator operator, Meaning.ListOf a, Meaning.ListOf b) {
    if (operator != BinaryOperator.CONCAT) {
      return equality(operator, a.describe().equals(b.describe()));
    }
    List<Meaning> all = new java.util.ArrayList<>(a.elements());
    all.addAll(b.elements());
    return new Meaning.ListOf(all);
  }

  private static Meaning equality(BinaryOperator operator, boolean equal) {
    return switch (operator) {
      case EQUAL -> new Meaning.Bool(equal);
      case NOT_EQUAL -> new Meaning.Bool(!equal);
      case OR,
          AND,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          ADD,
          SUBTRACT,
          CONCAT,
          MULTIPLY,
          DIVIDE,
          MATMUL,
          POWER ->
          null;
    };
  }

  private static Meaning bools(BinaryOperator operator, boolean a, boolean b) {
    return switch (operator) {
      case OR -> new Meaning.Bool(a || b);
      case AND -> new Meaning.Bool(a && b);
      case EQUAL, NOT_EQUAL -> equality(operator, a == b);
      case LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          ADD,
          SUBTRACT,
          CONCAT,
          MULTIPLY,
          DIVIDE,
          MATMUL,
          POWER ->
          null;
    };
  }

  private static Meaning reals(BinaryOperator operator, double a, double b) {
    return switch (operator) {
      case ADD -> new Meaning.Real(a + b);
      case SUBTRACT -> new Meaning.Real(a - b);
      case MULTIPLY -> new Meaning.Real(a * b);
      case DIVIDE -> new Meaning.Real(a / b);
      case POWER -> new Meaning.Real(Math.pow(a, b));
      case EQUAL -> new Meaning.Bool(a == b);
      case NOT_EQUAL -> new Meaning.Bool(a != b);
      case LESS -> new Meaning.Bool(a < b);
      case LESS_EQUAL -> new Meaning.Bool(a <= b);
      case GREATER -> new Meaning.Bool(a > b);
      case GREATER_EQUAL -> new Meaning.Bool(a >= b);
      case OR, AND, CONCAT, MATMUL -> null;
    };
  }

  private static Meaning integers(
      Elaboration elaboration, Expression.Binary expression, Dim a, Dim b) {
    try {
      return switch (expression.operator()) {
        case ADD -> new Meaning.Int(a.plus(b));
        case SUBTRACT -> new Meaning.Int(a.minus(b));
        case MULTIPLY -> new Meaning.Int(a.times(b));
        case DIVIDE -> divided(elaboration, expression, a, b);
        case POWER -> power(elaboration, expression, a, b);
        case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
            compared(elaboration, expression, a, b);
        case OR, AND, CONCAT, MATMUL -> null;
      };
    } catch (ArithmeticException overflow) {
      return elaboration
          .problems()
          .report(
              DiagnosticCode.NUMBER_RANGE,
              expression.span(),
              "the result does not fit 64 bits: "
                  + a
                  + " "
                  + expression.operator().sign()
                  + " "
                  + b);
    }
  }

  private static boolean isUnlearned(Elaboration elaboration, Dim a, Dim b) {
    return elaboration.unlearned().isIn(a) || elaboration.unlearned().isIn(b);
  }

  private static Meaning divided(
      Elaboration elaboration, Expression.Binary expression, Dim a, Dim b) {
    Dim quotient = a.dividedExactly(b);
    if (quotient == null && isUnlearned(elaboration, a, b)) {
      return Meaning.FAILED;
    }
    return quotient != null
        ? new Meaning.Int(quotient)
        : elaboration
            .problems()
            .report(
                DiagnosticCode.INEXACT_DIVISION,
                expression.span(),
                a + " / " + b + " leaves a rest",
                "round with ceil_div(a, b) or floor_div(a, b), or write a fraction: 1.0 * a / b");
  }

  private static Meaning power(
      Elaboration elaboration, Expression.Binary expression, Dim a, Dim b) {
    if (isUnlearned(elaboration, b, b)) {
      return Meaning.FAILED;
    }
    if (!b.isStatic() || b.value() < 0 || b.value() > 62) {
      return elaboration
          .problems()
          .report(
              DiagnosticCode.BAD_STATIC_VALUE,
              expression.span(),
              "whole numbers are raised to 0 to 62, got " + b);
    }
    Dim product = Dim.ONE;
    for (long i = 0; i < b.value(); i++) {
      product = product.times(a);
    }
    return new Meaning.Int(product);
  }

  private static Meaning compared(
      Elaboration elaboration, Expression.Binary expression, Dim a, Dim b) {
    Dim difference = a.minus(b);
    if (elaboration.unlearned().has(difference)) {
      return Meaning.FAILED;
    }
    if (!difference.isStatic()) {
      return elaboration
          .problems()
          .report(
              DiagnosticCode.NOT_STATIC,
              expression.span(),
              "whether "
                  + a
                  + " "
                  + expression.operator().sign()
                  + " "
                  + b
                  + " is not known at compile time",
              "bounds of dynamic dims stand after `where`");
    }
    return reals(expression.operator(), (double) difference.value(), 0);
  }

  private static Meaning tensors(
      Elaboration elaboration,
      Expression.Binary expression,
      Meaning left,
      Meaning right,
      Scope scope) {
    SourceSpan span = expression.span();
    DType dtype =
        (left instanceof Meaning.Tensor a ? a : (Meaning.Tensor) right).value().tensor().dtype();
    Tensors tensors = elaboration.tensors();
    String sign = "`" + expression.operator().sign() + "`";
    String what = "what " + sign + " takes";
    Optional<Value> a = tensors.operand(left, dtype, what, expression.left().span());
    Optional<Value> b = tensors.operand(right, dtype, what, expression.right().span());
    if (a.isEmpty() || b.isEmpty()) {
      return Meaning.FAILED;
    }
    if (a.get().tensor().dtype() != b.get().tensor().dtype()) {
      return elaboration
          .problems()
          .report(
              DiagnosticCode.DTYPE_MISMATCH,
              span,
              sign + " needs equal element types, got " + a.get().type() + " and " + b.get().type(),
              "convert one: " + wider(a.get().tensor().dtype(), b.get().tensor().dtype()) + "(…)");
    }
    if (expression.operator() == BinaryOperator.MATMUL) {
      return MatrixProduct.of(elaboration, expression, a.get(), b.get(), scope);
    }
    boolean square =
        expression.operator() == BinaryOperator.POWER
            && right instanceof Meaning.Int two
            && two.dim().is(2);
    if (square) {
      return tensors.apply("multiply", List.of(a.get(), a.get()), span);
    }
    Map<String, Object> attributes =
        expression.operator() == BinaryOperator.CONCAT ? Map.of("axis", -1L) : Map.of();
    return tensors.apply(op(expression.operator()), attributes, List.of(a.get(), b.get()), span);
  }

  private static DType wider(DType a, DType b) {
    return a.isFloating() ? a : b;
  }

  private static String op(BinaryOperator operator) {
    return switch (operator) {
      case OR -> "logical_or";
      case AND -> "logical_and";
      case EQUAL -> "equal";
      case NOT_EQUAL -> "not_equal";
      case LESS -> "less";
      case LESS_EQUAL -> "less_equal";
      case GREATER -> "greater";
      case GREATER_EQUAL -> "greater_equal";
      case ADD -> "add";
      case SUBTRACT -> "subtract";
      case CONCAT -> "concat";
      case MULTIPLY -> "multiply";
      case DIVIDE -> "divide";
      case MATMUL -> "matmul";
      case POWER -> "power";
    };
  }
}
