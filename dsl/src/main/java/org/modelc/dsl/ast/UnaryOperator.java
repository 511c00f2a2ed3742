package org.modelc.dsl.ast;

/** The operators before one operand. */
public enum UnaryOperator {
  NOT("not", 3),
  NEGATE("-", 7);

  private final String sign;
  private final int precedence;

  UnaryOperator(String sign, int precedence) {
    this.sign = sign;
    this.precedence = precedence;
  }

  /** As written. */
  public String sign() {
    return sign;
  }

  /** On the scale of {@link BinaryOperator#precedence}. */
  public int precedence() {
    return precedence;
  }
}
