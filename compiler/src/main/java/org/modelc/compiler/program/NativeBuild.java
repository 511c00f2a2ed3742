package org.modelc.compiler.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.modelc.codegen.llvm.CodeUnit;
import org.modelc.codegen.llvm.CodeUnits;
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
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.NativeSpec;
import org.modelc.runtime.spec.NativeSpec.LevelSpec;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * A model's programs on their way to shared libraries. Objects are kept, so that what ran while
 * training is not compiled again for the jar.
 */
public final class NativeBuild {
  private static final LlvmToolchain TOOLCHAIN = new LlvmToolchain();
  private static final String NO_LEVEL = "none";

  private final ClassNames names;
  private final List<KernelProgram> programs;
  private final LevelPrograms emitted;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  /** The names of a level's objects, by platform and level, once they are compiled. */
  private final Map<String, List<String>> compiled = new ConcurrentHashMap<>();

  /** Linked libraries by platform and levels. */
  private final Map<String, byte[]> libraries = new ConcurrentHashMap<>();

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
    this.names = names;
    this.programs = List.copyOf(programs);
    this.emitted = new LevelPrograms(programs, backend, constants);
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
  public List<IsaLevel> levels(NativePlatform platform) {
    return platform.levels().stream().filter(level -> LlvmBackend.gains(level, programs)).toList();
  }

  NativeSpec spec(Map<NativePlatform, List<IsaLevel>> levels) {
    emitted.emit(levels.values().stream().flatMap(List::stream).distinct().toList());
    List<ProgramAbi> specs = new ArrayList<>();
    Map<String, List<LevelSpec>> platforms = new LinkedHashMap<>();
    levels.forEach((platform, some) -> platforms.put(platform.text(), levels(some, specs)));
    return new NativeSpec(names.nativeCode(), specs, platforms);
  }

  private List<LevelSpec> levels(List<IsaLevel> levels, List<ProgramAbi> specs) {
    List<LevelSpec> result = new ArrayList<>();
    for (IsaLevel level : levels) {
      List<Integer> indices = new ArrayList<>();
      List<Dim> scratchBytes = new ArrayList<>();
      for (EmittedNativeProgram program : emitted(level)) {
        ProgramAbi spec = unbound(program.abi());
        if (!specs.contains(spec)) {
          specs.add(spec);
        }
        indices.add(specs.indexOf(spec));
        scratchBytes.add(program.scratchBytes());
      }
      result.add(new LevelSpec(level.text(), indices, scratchBytes));
    }
    return result;
  }

  /**
   * Without the level's symbol: libraries are called by programs' numbers, so that a program whose
   * buffers are the same at all levels is told once.
   */
  private static ProgramAbi unbound(ProgramAbi abi) {
    return new ProgramAbi(
        abi.name(),
        abi.name(),
        abi.dims(),
        abi.bounds(),
        abi.buffers(),
        abi.peakBytes(),
        abi.work());
  }

  /** The programs as LLVM IR, in the order of their numbers. */
  public List<EmittedNativeProgram> emitted(IsaLevel level) {
    return emitted.of(level);
  }

  /** The shared library of a platform with all its levels. */
  public byte[] library(NativePlatform platform) {
    return library(platform, levels(platform));
  }

  /** The levels of the library that runs here: all if that is linked, else the best alone. */
  List<IsaLevel> runningLevels() {
    NativePlatform host = NativePlatform.host();
    List<IsaLevel> best = List.of(hostLevel());
    List<IsaLevel> all = levels(host);
    return libraries.containsKey(key(host, all)) ? all : best;
  }

  byte[] library(NativePlatform platform, List<IsaLevel> levels) {
    return libraries.computeIfAbsent(key(platform, levels), key -> linked(platform, levels));
  }

  private byte[] linked(NativePlatform platform, List<IsaLevel> levels) {
    emitted.emit(levels);
    compile(platform, levels);
    Set<String> keys = new LinkedHashSet<>();
    levels.forEach(level -> keys.addAll(compiled.get(key(platform, level))));
    List<byte[]> linked = new ArrayList<>();
    keys.forEach(key -> linked.add(objects.get(key)));
    List<List<String>> symbols = new ArrayList<>();
    for (int program = 0; program < emitted(levels.get(0)).size(); program++) {
      int number = program;
      symbols.add(levels.stream().map(level -> emitted(level).get(number).abi().symbol()).toList());
    }
    boolean hasTiles = levels.stream().anyMatch(IsaLevel::hasTiles);
    String glue = NativeGlue.text(platform, names.nativeCode(), symbols, hasTiles);
    linked.add(TOOLCHAIN.baseline(glue, platform));
    return TOOLCHAIN.library(linked, platform);
  }

  private static String key(NativePlatform platform, IsaLevel level) {
    return key(platform, List.of(level));
  }

  private static String key(NativePlatform platform, List<IsaLevel> levels) {
    return levels.stream()
        .map(IsaLevel::text)
        .collect(Collectors.joining(" ", platform.text() + ' ', ""));
  }

  /** Compiles the levels that are not compiled yet. */
  private void compile(NativePlatform platform, List<IsaLevel> levels) {
    List<IsaLevel> missing =
        levels.stream().filter(level -> !compiled.containsKey(key(platform, level))).toList();
    List<Callable<Map<String, Part>>> dealt = new ArrayList<>();
    missing.forEach(level -> dealt.add(() -> parts(platform, level)));
    List<Map<String, Part>> parts = ConcurrentTasks.run(dealt);
    Map<String, Part> all = new LinkedHashMap<>();
    parts.forEach(all::putAll);
    compile(all);
    for (int i = 0; i < missing.size(); i++) {
      compiled.put(key(platform, missing.get(i)), List.copyOf(parts.get(i).keySet()));
    }
  }

  /** What a level's code is compiled from, by names that are the same each time. */
  private Map<String, Part> parts(NativePlatform platform, IsaLevel level) {
    Map<String, Part> parts = new LinkedHashMap<>();
    List<ModuleText> often = new ArrayList<>();
    for (EmittedNativeProgram program : emitted(level)) {
      if (LevelPrograms.runsOnce(program.abi().name())) {
        IsaLevel least = platform.levels().get(0);
        String name = platform.text() + ' ' + program.abi().symbol();
        CodeUnit unit = CodeUnits.once(program.module(), "." + program.abi().symbol());
        parts.put(name, new Part(unit, platform.target(least)));
      } else {
        often.add(program.module());
      }
    }
    int number = 0;
    for (CodeUnit unit : CodeUnits.of(often, "." + level.text())) {
      String name = key(platform, level) + ' ' + number++;
      parts.put(name, new Part(unit, platform.target(level)));
    }
    return parts;
  }

  private record Part(CodeUnit unit, TargetDescription target) {}

  /** Compiles what is not compiled yet, on all cores. */
  private void compile(Map<String, Part> parts) {
    List<String> missing = new ArrayList<>(parts.keySet());
    missing.removeAll(objects.keySet());
    // The longest start first (the last task does), so that no core waits for one at the end.
    missing.sort(Comparator.comparing(name -> parts.get(name).unit().text().length()));
    List<Callable<byte[]>> work = new ArrayList<>();
    for (String name : missing) {
      Part part = parts.get(name);
      work.add(() -> TOOLCHAIN.object(part.unit(), part.target()));
    }
    List<byte[]> made = ConcurrentTasks.run(work);
    for (int i = 0; i < missing.size(); i++) {
      objects.put(missing.get(i), made.get(i));
    }
  }

  /** The constants that the programs emitted so far read, by name. */
  Map<String, Tensor> constants() {
    return constants.tensors();
  }
}
