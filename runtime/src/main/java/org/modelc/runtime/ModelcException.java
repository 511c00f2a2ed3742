package org.modelc.runtime;

/**
 * A mistake in what the user gave (data, files, arguments), never a bug of ours: the message says
 * what, where and with which values; the hint says what to do.
 */
public class ModelcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  public ModelcException(String message) {
    this(message, "");
  }

  public ModelcException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  public ModelcException(String message, String hint, Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** What the user may do about it; empty if there is nothing to say beyond the message. */
  public String hint() {
    return hint;
  }
}
