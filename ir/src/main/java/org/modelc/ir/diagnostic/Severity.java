package org.modelc.ir.diagnostic;

/** How bad a diagnostic is. */
public enum Severity {
  /** Nothing is built. */
  ERROR("error"),
  /** The build goes on; the user should look. */
  WARNING("warning"),
  /** A fact worth knowing. */
  NOTE("note");

  private final String label;

  Severity(String label) {
    this.label = label;
  }

  /** The word shown to the user and written to JSON. */
  public String label() {
    return label;
  }
}
