package org.modelc.runtime.data;

import org.modelc.runtime.ModelcException;

/** Data that cannot be used as asked: missing, malformed, empty, or out of range. */
public final class DataException extends ModelcException {
  private static final long serialVersionUID = 1L;

  public DataException(String message, String hint) {
    super(message, hint);
  }

  public DataException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}
