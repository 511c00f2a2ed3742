package org.modelc.runtime.data;

import org.modelc.runtime.spec.DataSpec.ColumnExpression;

/** Types of column expressions, and the errors of those that have none. */
final class ExpressionTypes {
  private ExpressionTypes() {}

  /**
   * The type of an expression's values.
   *
   * @throws DataException if a column is unknown or an operator does not take its operands' types
   */
  static ColumnType of(ColumnExpression expression, Dataset data) {
    return switch (expression.operator()) {
      case "column" -> ofColumn(expression, data);
      case "number" -> ColumnType.NUMBER;
      case "text" -> ColumnType.TEXT;
      case "bool" -> ColumnType.BOOL;
      case "==", "!=" -> ofEquality(expression, data);
      case "<", "<=", ">", ">=" -> {
        require(expression, data, 2, false);
        yield ColumnType.BOOL;
      }
      case "and", "or" -> ofLogic(expression, data, 2);
      case "not" -> ofLogic(expression, data, 1);
      case "category" -> {
        requireCount(expression, 1);
        of(expression.operands().get(0), data);
        yield ColumnType.TEXT;
      }
      case "+", "-", "*", "/", "^", "min", "max" -> ofArithmetic(expression, data, 2);
      case "negate", "log", "exp", "sqrt", "abs" -> ofArithmetic(expression, data, 1);
      default ->
          throw new DataException(
              "no column function `" + expression.operator() + "`",
              "there are: log, exp, sqrt, abs, min, max, category");
    };
  }

  private static ColumnType ofColumn(ColumnExpression expression, Dataset data) {
    Column column = data.column(expression.value());
    if (column.type() == ColumnType.TENSOR) {
      throw new DataException(
          "column `" + column + "` cannot be part of an expression",
          "tensors are computed on inside the model");
    }
    return column.type();
  }

  private static ColumnType ofEquality(ColumnExpression expression, Dataset data) {
    requireCount(expression, 2);
    boolean left = of(expression.operands().get(0), data) == ColumnType.TEXT;
    boolean right = of(expression.operands().get(1), data) == ColumnType.TEXT;
    if (left != right) {
      throw mismatch(expression, data, "text is compared with text, numbers with numbers");
    }
    return ColumnType.BOOL;
  }

  private static ColumnType ofLogic(ColumnExpression expression, Dataset data, int count) {
    requireCount(expression, count);
    for (ColumnExpression operand : expression.operands()) {
      if (of(operand, data) != ColumnType.BOOL) {
        throw mismatch(expression, data, "it takes bools: compare the value with something");
      }
    }
    return ColumnType.BOOL;
  }

  private static ColumnType ofArithmetic(ColumnExpression expression, Dataset data, int count) {
    require(expression, data, count, true);
    return ColumnType.NUMBER;
  }

  private static void require(ColumnExpression expression, Dataset data, int count, boolean bools) {
    requireCount(expression, count);
    for (ColumnExpression operand : expression.operands()) {
      ColumnType type = of(operand, data);
      if (type == ColumnType.TEXT || (type == ColumnType.BOOL && !bools)) {
        throw mismatch(expression, data, "it takes numbers");
      }
    }
  }

  private static void requireCount(ColumnExpression expression, int count) {
    if (expression.operands().size() != count) {
      throw new DataException(
          "`"
              + expression.operator()
              + "` takes "
              + count
              + " values, got "
              + expression.operands().size(),
          "");
    }
  }

  private static DataException mismatch(ColumnExpression expression, Dataset data, String hint) {
    StringBuilder types = new StringBuilder();
    for (ColumnExpression operand : expression.operands()) {
      types.append(types.length() == 0 ? "" : " and ").append(of(operand, data));
      if (operand.operator().equals("column")) {
        types.append(" (column `").append(operand.value()).append("`)");
      }
    }
    return new DataException("`" + expression.operator() + "` of " + types, hint);
  }
}
