package org.modelc.runtime.spec;

import java.util.List;
import java.util.Map;

/**
 * A model's programs in shared libraries, one library a platform.
 *
 * @param type the binary name of the class with the native methods
 * @param programs in the order of their numbers; their buffers, packing and constants differ from
 *     those of the bytecode
 * @param platforms the instruction-set levels in the library of each platform, the least first:
 *     {@code linux-x86_64} → {@code x86-64-v2}, {@code x86-64-v3}, …
 */
public record NativeSpec(
    String type, List<NativeProgramSpec> programs, Map<String, List<String>> platforms) {
  public NativeSpec {
    programs = List.copyOf(programs);
    platforms = Map.copyOf(platforms);
  }

  /**
   * One program.
   *
   * @param abi how it is called; its last buffer is the arena that all temporaries lie in
   * @param scratchBytes what each worker needs for itself
   */
  public record NativeProgramSpec(ProgramAbi abi, Dim scratchBytes) {}
}
