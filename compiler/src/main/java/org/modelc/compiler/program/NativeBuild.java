package org.modelc.compiler.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.ModuleText;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.toolchain.LlvmToolchain;
import org.modelc.codegen.llvm.toolchain.NativeGlue;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.NativeSpec.LevelSpec;
import org.modelc.runtime.spec.NativeSpec.NativeProgramSpec;

/**
 * A model's programs on their way to shared libraries. Objects are kept, so that what ran while
 * training is not compiled again for the jar.
 */
public final class NativeBuild {
  private static final LlvmToolchain TOOLCHAIN = new LlvmToolchain();
  private static final String NO_LEVEL = "none";

  private final ClassNames names;
  private final List<KernelProgram> programs;
  private final LlvmBackend backend;
  private final Map<IsaLevel, List<EmittedNativeProgram>> emitted = new ConcurrentHashMap<>();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final PooledConstants constants;

  /**
   * @param programs in the order of their numbers
   * @param constants takes the constants that programs are found to need
   */
  NativeBuild(
      ClassNames names,
      List<KernelProgram> programs,
      PooledConstants constants,
      LlvmBackend backend) {
    this.backend = backend;
    this.names = names;
    this.programs = List.copyOf(programs);
    this.constants = constants;
  }

  /** Native code of programs, whether it runs them or not. */
  public static NativeBuild of(CompiledPrograms programs) {
    return programs.nativeBuild() != null ? programs.nativeBuild() : programs.newNativeBuild();
  }

  /**
   * The best of the programs' levels that this machine can run, and no better than {@value
   * NativeLibrary#LEVEL_PROPERTY} says: results differ between levels, and may have to be those of
   * another machine.
   *
   * @throws ModelcException if the property names none of the platform's levels
   */
  public IsaLevel hostLevel() {
    NativePlatform host = NativePlatform.host();
    List<IsaLevel> all = host.levels();
    int best = Math.min(all.indexOf(TOOLCHAIN.hostLevel()), mostWanted(host));
    List<IsaLevel> able =
        levels(host).stream().filter(level -> all.indexOf(level) <= best).toList();
    return able.get(able.size() - 1);
  }

  private static int mostWanted(NativePlatform host) {
    List<String> names = host.levels().stream().map(IsaLevel::text).toList();
    String wanted = System.getProperty(NativeLibrary.LEVEL_PROPERTY, NO_LEVEL);
    if (!names.contains(wanted) && !wanted.equals(NO_LEVEL)) {
      throw new ModelcException(
          "-D" + NativeLibrary.LEVEL_PROPERTY + "=" + wanted + " is no level of " + host.text(),
          "there are " + String.join(", ", names) + ", and " + NO_LEVEL + " for bytecode");
    }
    // No level at all is for whoever loads the code to respect.
    return wanted.equals(NO_LEVEL) ? names.size() - 1 : names.indexOf(wanted);
  }

  /** What a manifest says of libraries for platforms, each with all its levels. */
  public NativeSpec spec(List<NativePlatform> platforms) {
    Map<NativePlatform, List<IsaLevel>> levels = new LinkedHashMap<>();
    platforms.forEach(platform -> levels.put(platform, levels(platform)));
    return spec(levels);
  }

  /** The levels of a platform that these programs gain from. */
  private List<IsaLevel> levels(NativePlatform platform) {
    return platform.levels().stream().filter(level -> LlvmBackend.gains(level, programs)).toList();
  }

  NativeSpec spec(Map<NativePlatform, List<IsaLevel>> levels) {
    List<NativeProgramSpec> specs = new ArrayList<>();
    Map<String, List<LevelSpec>> platforms = new LinkedHashMap<>();
    levels.forEach((platform, some) -> platforms.put(platform.text(), levels(some, specs)));
    return new NativeSpec(names.nativeCode(), specs, platforms);
  }

  private List<LevelSpec> levels(List<IsaLevel> levels, List<NativeProgramSpec> specs) {
    List<LevelSpec> result = new ArrayList<>();
    for (IsaLevel level : levels) {
      List<Integer> indices = new ArrayList<>();
      for (EmittedNativeProgram program : emitted(level)) {
        NativeProgramSpec spec = new NativeProgramSpec(program.abi(), program.scratchBytes());
        if (!specs.contains(spec)) {
          specs.add(spec);
        }
        indices.add(specs.indexOf(spec));
      }
      result.add(new LevelSpec(level.text(), indices));
    }
    return result;
  }

  /** The programs as LLVM IR, in the order of their numbers. */
  public List<EmittedNativeProgram> emitted(IsaLevel level) {
    return emitted.computeIfAbsent(level, this::emit);
  }

  private List<EmittedNativeProgram> emit(IsaLevel level) {
    NativePlatform platform =
        level == IsaLevel.NEON ? NativePlatform.LINUX_AARCH64 : NativePlatform.LINUX_X86_64;
    List<EmittedNativeProgram> result = new ArrayList<>();
    for (KernelProgram program : PackedPrograms.of(programs, platform.target(level))) {
      EmittedNativeProgram plain =
          backend.emit(program, symbol(program, level), platform.target(level));
      result.add(constants.add(plain));
    }
    return result;
  }

  private static String symbol(KernelProgram program, IsaLevel level) {
    return (program.name() + "_" + level.text()).replaceAll("[^A-Za-z0-9]", "_");
  }

  /** The shared library of a platform with all its levels. */
  public byte[] library(NativePlatform platform) {
    return library(platform, levels(platform));
  }

  byte[] library(NativePlatform platform, List<IsaLevel> levels) {
    List<List<String>> symbols = new ArrayList<>();
    List<Runnable> work = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (IsaLevel level : levels) {
      TargetDescription target = platform.target(level);
      List<ModuleText> modules = emitted(level).stream().map(EmittedNativeProgram::module).toList();
      String suffix = "." + level.text();
      addWork(
          platform.text() + suffix, () -> ModuleText.library(modules, suffix), target, keys, work);
      for (EmittedNativeProgram program : emitted(level)) {
        String key = platform.text() + ' ' + program.abi().symbol();
        addWork(key, () -> program.module().own(suffix), target, keys, work);
      }
    }
    for (int program = 0; program < emitted(levels.get(0)).size(); program++) {
      int number = program;
      symbols.add(levels.stream().map(level -> emitted(level).get(number).abi().symbol()).toList());
    }
    IntStream.range(0, work.size()).parallel().forEach(i -> work.get(i).run());
    List<byte[]> parts = new ArrayList<>();
    keys.forEach(key -> parts.add(objects.get(key)));
    String glue = NativeGlue.text(platform, names.nativeCode(), symbols);
    parts.add(TOOLCHAIN.baseline(glue, platform));
    return TOOLCHAIN.library(parts, platform);
  }

  private void addWork(
      String key,
      Supplier<String> text,
      TargetDescription target,
      List<String> keys,
      List<Runnable> work) {
    keys.add(key);
    work.add(() -> objects.computeIfAbsent(key, absent -> TOOLCHAIN.object(text.get(), target)));
  }

  /** The constants that the programs emitted so far read, by name. */
  Map<String, Tensor> constants() {
    return constants.tensors();
  }
}
