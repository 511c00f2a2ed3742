package org.modelc.runtime.metrics;

import org.modelc.runtime.ModelcException;

/** Results or targets that a metric cannot measure. */
public final class MetricException extends ModelcException {
  private static final long serialVersionUID = 1L;

  public MetricException(String message, String hint) {
    super(message, hint);
  }
}
