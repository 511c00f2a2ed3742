package org.modelc.testkit.ptx;

/** PTX that cannot be read, or that did at run time what it must not; the message says where. */
public final class PtxFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PtxFailure(String message) {
    super(message);
  }
}
