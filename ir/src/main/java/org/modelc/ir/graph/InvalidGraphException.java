package org.modelc.ir.graph;

/** A graph that breaks an invariant of {@link GraphVerifier}: a defect of the compiler. */
public final class InvalidGraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidGraphException(String message) {
    super(message);
  }
}
