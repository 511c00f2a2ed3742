package org.modelc.runtime.cuda;

import java.util.HashSet;
import java.util.Set;

/** Says once why bytecode runs in place of a device. */
final class Fallback {
  private static final Set<String> SAID = new HashSet<>();

  private Fallback() {}

  static void warn(String model, String reason, String hint) {
    String text =
        "model "
            + model
            + " was built for an NVIDIA GPU, but "
            + reason
            + "; running bytecode, which is slower ("
            + (hint.isEmpty() ? "" : hint + "; ")
            + "-D"
            + CudaCode.PROPERTY
            + "=off runs bytecode without this warning)";
    synchronized (SAID) {
      if (SAID.add(text)) {
        System.getLogger("org.modelc.runtime").log(System.Logger.Level.WARNING, text);
      }
    }
  }
}
