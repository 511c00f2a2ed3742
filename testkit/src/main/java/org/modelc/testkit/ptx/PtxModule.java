package org.modelc.testkit.ptx;

import java.util.List;

/**
 * A PTX text, read.
 *
 * @param version of the ISA, as 7.8
 * @param target the architecture, as sm_80
 */
public record PtxModule(
    String version, String target, List<PtxVariable> variables, List<PtxFunction> functions) {
  /**
   * Reads what NVRTC or nvcc writes.
   *
   * @throws PtxFailure naming the line of what it does not know
   */
  public static PtxModule parse(String text) {
    return new PtxParser(text).module();
  }

  /** The names of its kernels. */
  public List<String> kernels() {
    return functions.stream().map(PtxFunction::name).toList();
  }

  PtxFunction function(String name) {
    return functions.stream()
        .filter(function -> function.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new PtxFailure("there is no kernel " + name + " among " + kernels()));
  }
}
