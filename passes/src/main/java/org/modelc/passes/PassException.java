package org.modelc.passes;

import java.util.List;

/** A mistake of the compiler's own, found in or after a pass. */
public final class PassException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String pass;
  private final String reproducer;

  /**
   * @param pass the pass that failed or whose result is wrong
   * @param done the passes that ran before
   * @param before the program it was given
   */
  PassException(String pass, List<String> done, Object before, RuntimeException cause) {
    super("after '" + pass + "': " + cause.getMessage(), cause);
    this.pass = pass;
    this.reproducer =
        "// pass: " + pass + "\n// pipeline before it: " + String.join(", ", done) + "\n" + before;
  }

  /** The pass's name. */
  public String pass() {
    return pass;
  }

  /** Pipeline and program as text, enough to run the pass again. */
  public String reproducer() {
    return reproducer;
  }
}
