package org.modelc.codegen.llvm.toolchain;

import java.util.List;
import java.util.Set;
import org.modelc.codegen.llvm.CodeUnit;
import org.modelc.codegen.llvm.CodeUnit.Effort;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;

/**
 * LLVM IR text in, objects and shared libraries out; all in this process and with the linker that
 * comes with LLVM, so that no tool need be installed. Stateless; threads may share it.
 *
 * <p>Text needs no triple and no data layout. All it defines is hidden but functions whose names
 * begin with {@code Java_}, which the library exports.
 */
public final class LlvmToolchain {
  private final LldLinker linker = new LldLinker();

  /**
   * Verifies, optimises and compiles a module.
   *
   * @throws LlvmException if the text is no valid module; with LLVM's message and the line
   */
  public byte[] object(String text, TargetDescription target) {
    return object(new CodeUnit(text, Effort.OFTEN), target);
  }

  /**
   * Verifies, optimises and compiles a unit.
   *
   * @throws LlvmException if the text is no valid module; with LLVM's message and the line
   */
  public byte[] object(CodeUnit unit, TargetDescription target) {
    try (LlvmModule module = new LlvmModule(unit.text(), target)) {
      module.optimise(unit.effort());
      return module.object();
    }
  }

  /** A module for any CPU of a platform's architecture. */
  public byte[] baseline(String text, NativePlatform platform) {
    String cpu = platform.triple().startsWith("x86_64") ? "x86-64" : "generic";
    try (LlvmModule module = new LlvmModule(text, platform.triple(), cpu, "")) {
      module.optimise(Effort.OFTEN);
      return module.object();
    }
  }

  /** A module after LLVM's optimisations, as text. */
  public String optimised(String text, TargetDescription target) {
    try (LlvmModule module = new LlvmModule(text, target)) {
      module.optimise(Effort.OFTEN);
      return module.text();
    }
  }

  /** A module as assembly text. */
  public String assembly(String text, TargetDescription target) {
    try (LlvmModule module = new LlvmModule(text, target)) {
      module.optimise(Effort.OFTEN);
      return module.assembly();
    }
  }

  /** The best level of this machine's CPU; the least one where none is found. */
  public IsaLevel hostLevel() {
    List<IsaLevel> levels = NativePlatform.host().levels();
    Set<String> features = LlvmModule.hostFeatures();
    IsaLevel best = levels.get(0);
    for (IsaLevel level : levels) {
      boolean able = features.containsAll(needs(level));
      best = able && (!level.hasTiles() || HostCode.mayUseTiles()) ? level : best;
    }
    return best;
  }

  /** Features that no CPU has without the others of the level. */
  private static Set<String> needs(IsaLevel level) {
    return switch (level) {
      case X86_64_V2 -> Set.of("+sse4.2", "+popcnt");
      case X86_64_V3 -> Set.of("+avx2", "+fma", "+bmi2", "+f16c", "+lzcnt", "+movbe");
      case X86_64_V4 -> Set.of("+avx512f", "+avx512bw", "+avx512cd", "+avx512dq", "+avx512vl");
      case X86_64_V4_VNNI ->
          Set.of("+avx512f", "+avx512bw", "+avx512cd", "+avx512dq", "+avx512vl", "+avx512vnni");
      case X86_64_V4_AMX -> Set.of("+avx512vnni", "+avx512vl", "+amx-tile", "+amx-int8");
      case NEON -> Set.of("+neon");
    };
  }

  /**
   * Links objects of one platform.
   *
   * @return the bytes of the shared library, the same for the same objects
   * @throws LlvmException if a symbol is missing or defined twice
   */
  public byte[] library(List<byte[]> objects, NativePlatform platform) {
    return linker.link(objects, platform);
  }
}
