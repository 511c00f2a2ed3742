package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.BinaryOperator;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.UnaryOperator;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;

/**
 * Reads what stands in the brackets of readers, transforms, optimisers and metrics: numbers, texts,
 * bools, lists, and words such as {@code median}.
 */
final class Settings {
  private final Diagnostics diagnostics;
  private final Map<String, Double> constants;

  /**
   * @param constants names that stand for numbers, such as a model's parameters with their defaults
   */
  Settings(Diagnostics diagnostics, Map<String, Double> constants) {
    this.diagnostics = diagnostics;
    this.constants = constants;
  }

  Diagnostics diagnostics() {
    return diagnostics;
  }

  /** The value of a setting; null, with a diagnostic, for what is none. */
  Object value(Expression expression) {
    return expression.accept(new Values());
  }

  /** The number that an expression of literals and constants gives, if it is one. */
  OptionalDouble number(Expression expression) {
    Double number = expression.accept(new Numbers());
    return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
  }

  /** The number of an argument; reports what is none. */
  Optional<Double> required(Argument argument, String what) {
    OptionalDouble number = number(argument.value());
    if (number.isEmpty()) {
      diagnostics.add(
          DiagnosticCode.BAD_SETTING, argument.value().span(), what + " must be a number");
    }
    return number.isEmpty() ? Optional.empty() : Optional.of(number.getAsDouble());
  }

  /** Reports a name that is not among those known, with the nearest one. */
  void unknown(
      DiagnosticCode code, SourceSpan span, String what, String name, Iterable<String> known) {
    List<String> names = new ArrayList<>();
    known.forEach(names::add);
    String hint =
        Suggestions.didYouMean(name, names).orElse("there are: " + String.join(", ", names));
    diagnostics.add(code, span, "no " + what + " `" + name + "`", hint);
  }

  /** The name of a call's target if it is a plain name, or of a reference. */
  static Optional<String> calledName(Expression expression) {
    if (expression instanceof Expression.Call call) {
      return calledName(call.target());
    }
    if (expression instanceof Expression.Reference reference) {
      return Optional.of(reference.name().text());
    }
    return Optional.empty();
  }

  /** The arguments of a call; none for a bare name. */
  static List<Argument> arguments(Expression expression) {
    return expression instanceof Expression.Call call ? call.arguments() : List.of();
  }

  private final class Numbers extends ExpressionCase<Double> {
    @Override
    Double other(Expression expression) {
      return null;
    }

    @Override
    public Double visit(Expression.IntegerLiteral expression) {
      return (double) expression.value();
    }

    @Override
    public Double visit(Expression.FloatLiteral expression) {
      return expression.value();
    }

    @Override
    public Double visit(Expression.Reference expression) {
      return constants.get(expression.name().text());
    }

    @Override
    public Double visit(Expression.Unary expression) {
      Double operand = expression.operand().accept(this);
      boolean negated = expression.operator() == UnaryOperator.NEGATE && operand != null;
      return negated ? -operand : null;
    }

    @Override
    public Double visit(Expression.Binary expression) {
      Double left = expression.left().accept(this);
      Double right = expression.right().accept(this);
      if (left == null || right == null) {
        return null;
      }
      BinaryOperator operator = expression.operator();
      return switch (operator) {
        case ADD -> left + right;
        case SUBTRACT -> left - right;
        case MULTIPLY -> left * right;
        case DIVIDE -> left / right;
        case POWER -> Math.pow(left, right);
        case OR, AND, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, CONCAT, MATMUL ->
            null;
      };
    }
  }

  private final class Values extends ExpressionCase<Object> {
    @Override
    Object other(Expression expression) {
      OptionalDouble number = number(expression);
      if (number.isPresent()) {
        return number.getAsDouble();
      }
      diagnostics.add(
          DiagnosticCode.BAD_SETTING,
          expression.span(),
          "a setting is a number, a text, a bool, a word or a list of these");
      return null;
    }

    @Override
    public Object visit(Expression.IntegerLiteral expression) {
      return expression.value();
    }

    @Override
    public Object visit(Expression.BoolLiteral expression) {
      return expression.value();
    }

    @Override
    public Object visit(Expression.TextLiteral expression) {
      return expression.value();
    }

    @Override
    public Object visit(Expression.Reference expression) {
      Double constant = constants.get(expression.name().text());
      return constant == null ? expression.name().text() : constant;
    }

    @Override
    public Object visit(Expression.ListLiteral expression) {
      List<Object> values = new ArrayList<>();
      for (Expression element : expression.elements()) {
        Object value = element.accept(this);
        if (value != null) {
          values.add(value);
        }
      }
      return values;
    }
  }
}
