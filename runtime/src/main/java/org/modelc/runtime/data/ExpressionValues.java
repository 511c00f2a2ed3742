package org.modelc.runtime.data;

import java.util.Arrays;
import java.util.List;
import org.modelc.runtime.spec.DataSpec.ColumnExpression;

/**
 * Values of column expressions over a batch. A missing operand makes the result missing; but {@code
 * false and missing} is false and {@code true or missing} is true.
 */
final class ExpressionValues {
  private ExpressionValues() {}

  /** The column: {@code double[]} for numbers and bools, {@code String[]} for text. */
  static Object of(ColumnExpression expression, ColumnBatch batch) {
    List<ColumnExpression> operands = expression.operands();
    return switch (expression.operator()) {
      case "column" -> batch.values(expression.value());
      case "number" -> filled(batch.rows(), Double.parseDouble(expression.value()));
      case "bool" -> filled(batch.rows(), expression.value().equals("true") ? 1 : 0);
      case "text" -> {
        String[] texts = new String[batch.rows()];
        Arrays.fill(texts, expression.value());
        yield texts;
      }
      case "==", "!=" ->
          equality(expression, of(operands.get(0), batch), of(operands.get(1), batch));
      case "category" -> labels(operands.get(0), batch);
      default ->
          operands.size() == 1
              ? unary(expression.operator(), (double[]) of(operands.get(0), batch))
              : binary(
                  expression.operator(),
                  (double[]) of(operands.get(0), batch),
                  (double[]) of(operands.get(1), batch));
    };
  }

  private static double[] filled(int rows, double value) {
    double[] values = new double[rows];
    Arrays.fill(values, value);
    return values;
  }

  private static String[] labels(ColumnExpression operand, ColumnBatch batch) {
    if (operand.operator().equals("column")) {
      return ClassLabels.of(batch, operand.value());
    }
    Object values = of(operand, batch);
    if (values instanceof String[]) {
      return (String[]) values;
    }
    double[] numbers = (double[]) values;
    String[] labels = new String[numbers.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = ClassLabels.of(numbers[i]);
    }
    return labels;
  }

  private static double[] equality(ColumnExpression expression, Object left, Object right) {
    boolean wanted = expression.operator().equals("==");
    double[] result;
    if (left instanceof String[]) {
      String[] a = (String[]) left;
      String[] b = (String[]) right;
      result = new double[a.length];
      for (int i = 0; i < a.length; i++) {
        boolean missing = a[i] == null || b[i] == null;
        result[i] = missing ? Double.NaN : a[i].equals(b[i]) == wanted ? 1 : 0;
      }
    } else {
      double[] a = (double[]) left;
      double[] b = (double[]) right;
      result = new double[a.length];
      for (int i = 0; i < a.length; i++) {
        boolean missing = Double.isNaN(a[i]) || Double.isNaN(b[i]);
        result[i] = missing ? Double.NaN : (a[i] == b[i]) == wanted ? 1 : 0;
      }
    }
    return result;
  }

  private static double[] unary(String operator, double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = unary(operator, values[i]);
    }
    return result;
  }

  private static double unary(String operator, double value) {
    return switch (operator) {
      case "negate" -> -value;
      case "not" -> 1 - value;
      case "log" -> StrictMath.log(value);
      case "exp" -> StrictMath.exp(value);
      case "sqrt" -> Math.sqrt(value);
      case "abs" -> Math.abs(value);
      default -> throw new IllegalArgumentException("no function of one value `" + operator + "`");
    };
  }

  private static double[] binary(String operator, double[] left, double[] right) {
    double[] result = new double[left.length];
    for (int i = 0; i < left.length; i++) {
      result[i] = binary(operator, left[i], right[i]);
    }
    return result;
  }

  private static double binary(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "^" -> StrictMath.pow(a, b);
      case "min" -> Math.min(a, b);
      case "max" -> Math.max(a, b);
      case "and" -> a == 0 || b == 0 ? 0 : a * b;
      case "or" -> a == 1 || b == 1 ? 1 : a + b;
      case "<" -> truth(a, b, a < b);
      case "<=" -> truth(a, b, a <= b);
      case ">" -> truth(a, b, a > b);
      case ">=" -> truth(a, b, a >= b);
      default -> throw new IllegalArgumentException("no operator `" + operator + "`");
    };
  }

  private static double truth(double a, double b, boolean holds) {
    return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : holds ? 1 : 0;
  }
}
