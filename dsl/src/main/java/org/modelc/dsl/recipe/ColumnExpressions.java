package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.List;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.UnaryOperator;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.runtime.spec.DataSpec.ColumnExpression;

/** Expressions over the columns of a row; null, with a diagnostic, for what is none. */
final class ColumnExpressions extends ExpressionCase<ColumnExpression> {
  private final Settings settings;

  ColumnExpressions(Settings settings) {
    this.settings = settings;
  }

  @Override
  ColumnExpression other(Expression expression) {
    settings
        .diagnostics()
        .add(
            DiagnosticCode.BAD_SETTING,
            expression.span(),
            "a column is computed from columns of the same row",
            "arithmetic, comparisons, and, or, not, and "
                + String.join(", ", Vocabulary.columnFunctions().keySet()));
    return null;
  }

  private static ColumnExpression leaf(String operator, String value) {
    return new ColumnExpression(operator, value, List.of());
  }

  @Override
  public ColumnExpression visit(Expression.IntegerLiteral expression) {
    return leaf("number", Long.toString(expression.value()));
  }

  @Override
  public ColumnExpression visit(Expression.FloatLiteral expression) {
    return leaf("number", Double.toString(expression.value()));
  }

  @Override
  public ColumnExpression visit(Expression.TextLiteral expression) {
    return leaf("text", expression.value());
  }

  @Override
  public ColumnExpression visit(Expression.BoolLiteral expression) {
    return leaf("bool", Boolean.toString(expression.value()));
  }

  @Override
  public ColumnExpression visit(Expression.Reference expression) {
    return leaf("column", expression.name().text());
  }

  @Override
  public ColumnExpression visit(Expression.Unary expression) {
    String operator = expression.operator() == UnaryOperator.NOT ? "not" : "negate";
    return of(operator, List.of(expression.operand()));
  }

  @Override
  public ColumnExpression visit(Expression.Binary expression) {
    return switch (expression.operator()) {
      case CONCAT, MATMUL -> other(expression);
      case OR,
          AND,
          EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          ADD,
          SUBTRACT,
          MULTIPLY,
          DIVIDE,
          POWER ->
          of(expression.operator().sign(), List.of(expression.left(), expression.right()));
    };
  }

  @Override
  public ColumnExpression visit(Expression.Call expression) {
    String name = Settings.calledName(expression).orElse("");
    Integer takes = Vocabulary.columnFunctions().get(name);
    if (takes == null) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_NAME,
          expression.target().span(),
          "column function",
          name,
          Vocabulary.columnFunctions().keySet());
      return null;
    }
    if (expression.arguments().size() != takes) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.ARGUMENT_COUNT,
              expression.span(),
              name
                  + " takes "
                  + takes
                  + (takes == 1 ? " value" : " values")
                  + ", got "
                  + expression.arguments().size());
      return null;
    }
    return of(name, expression.arguments().stream().map(Argument::value).toList());
  }

  private ColumnExpression of(String operator, List<Expression> operands) {
    List<ColumnExpression> elaborated = new ArrayList<>();
    for (Expression operand : operands) {
      elaborated.add(operand.accept(this));
    }
    return elaborated.contains(null) ? null : new ColumnExpression(operator, "", elaborated);
  }
}
