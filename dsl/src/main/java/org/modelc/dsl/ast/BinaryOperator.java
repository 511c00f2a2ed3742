package org.modelc.dsl.ast;

import java.util.Arrays;
import java.util.Optional;

/** The operators between two operands, loosest first. */
public enum BinaryOperator {
  OR("or", 1),
  AND("and", 2),
  EQUAL("==", 4),
  NOT_EQUAL("!=", 4),
  LESS("<", 4),
  LESS_EQUAL("<=", 4),
  GREATER(">", 4),
  GREATER_EQUAL(">=", 4),
  ADD("+", 5),
  SUBTRACT("-", 5),
  /** Joins columns of features. */
  CONCAT("++", 5),
  MULTIPLY("*", 6),
  DIVIDE("/", 6),
  /** Matrix product. */
  MATMUL("@", 6),
  /** Associates to the right. */
  POWER("^", 8);

  private final String sign;
  private final int precedence;

  BinaryOperator(String sign, int precedence) {
    this.sign = sign;
    this.precedence = precedence;
  }

  /** As written. */
  public String sign() {
    return sign;
  }

  /** Higher binds tighter; {@link UnaryOperator} has its own on the same scale. */
  public int precedence() {
    return precedence;
  }

  /** Whether this is one of the six comparisons. */
  public boolean isComparison() {
    return precedence == 4;
  }

  /** The operator written so. */
  public static Optional<BinaryOperator> of(String sign) {
    return Arrays.stream(values()).filter(operator -> operator.sign.equals(sign)).findFirst();
  }
}
