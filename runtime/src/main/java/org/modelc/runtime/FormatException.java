package org.modelc.runtime;

/** A file or resource that is not what it should be: truncated, corrupt, or of a newer version. */
public final class FormatException extends ModelcException {
  private static final long serialVersionUID = 1L;

  public FormatException(String message, String hint) {
    super(message, hint);
  }

  public FormatException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}
