package org.modelc.runtime.spec;

import java.util.List;
import java.util.Map;

/**
 * A model's programs in shared libraries, one library a platform.
 *
 * @param type the binary name of the class with the native methods
 * @param programs programs as some instruction-set level has them; their buffers, packing and
 *     constants differ from those of the bytecode, and the last buffer is the arena that all
 *     temporaries lie in. Levels share what is alike
 * @param platforms the levels in the library of each platform ({@code linux-x86_64}), the least
 *     first
 */
public record NativeSpec(
    String type, List<ProgramAbi> programs, Map<String, List<LevelSpec>> platforms) {
  public NativeSpec {
    programs = (List<?>) programs instanceof LaterList ? programs : List.copyOf(programs);
    platforms = Map.copyOf(platforms);
  }

  /**
   * One instruction-set level of a library.
   *
   * @param name such as {@code x86-64-v3}
   * @param programs indices into the spec's programs, in the order of the programs' numbers
   * @param scratchBytes what each worker needs for itself, of each program
   */
  public record LevelSpec(String name, List<Integer> programs, List<Dim> scratchBytes) {
    public LevelSpec {
      programs = List.copyOf(programs);
      scratchBytes = List.copyOf(scratchBytes);
    }
  }
}
