package org.modelc.ir.interpreter;

/** Inputs that do not fit a graph, or an op whose results are not what it inferred. */
public final class InterpreterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InterpreterException(String message) {
    super(message);
  }

  public InterpreterException(String message, Throwable cause) {
    super(message, cause);
  }
}
