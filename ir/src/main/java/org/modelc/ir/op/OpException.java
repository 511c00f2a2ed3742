package org.modelc.ir.op;

/**
 * Operands or attributes that do not fit an op: the user's mistake, told with actual shapes. The
 * front end adds code and place.
 */
public final class OpException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String hint;

  public OpException(String message) {
    this(message, "");
  }

  /**
   * @param message what does not fit, with the actual types
   * @param hint what would, or empty
   */
  public OpException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  public String hint() {
    return hint;
  }
}
