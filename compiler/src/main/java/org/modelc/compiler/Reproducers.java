package org.modelc.compiler;

import java.util.ArrayList;
import java.util.List;
import org.modelc.passes.PassException;

/** What a failed compilation leaves for those who mend the compiler. */
public final class Reproducers {
  private Reproducers() {}

  /** For each pass that failed: its name, the passes before it and the program it was given. */
  public static List<String> of(Throwable failure) {
    List<String> texts = new ArrayList<>();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof PassException pass) {
        texts.add(pass.reproducer());
      }
    }
    return texts;
  }
}
