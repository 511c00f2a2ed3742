package org.modelc.runtime.train;

import org.modelc.runtime.ModelcException;

/** A training that cannot begin or go on. */
public final class TrainingException extends ModelcException {
  private static final long serialVersionUID = 1L;

  public TrainingException(String message, String hint) {
    super(message, hint);
  }

  public TrainingException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}
