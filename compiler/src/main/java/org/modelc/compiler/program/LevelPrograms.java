package org.modelc.compiler.program;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.gemm.PackedPrograms;
import org.modelc.ir.kernel.KernelProgram;

/** A model's programs as LLVM IR, for the instruction-set levels that are asked for. */
final class LevelPrograms {
  /** The program that draws first values. */
  private static final String INIT = "init";

  private final List<KernelProgram> programs;
  private final LlvmBackend backend;
  private final PooledConstants constants;
  private final Map<IsaLevel, Map<String, KernelProgram>> packed = new EnumMap<>(IsaLevel.class);
  private final Map<String, EmittedNativeProgram> emitted = new HashMap<>();

  /**
   * @param programs in the order of their numbers
   * @param constants takes the constants that programs are found to need
   */
  LevelPrograms(List<KernelProgram> programs, LlvmBackend backend, PooledConstants constants) {
    this.programs = List.copyOf(programs);
    this.backend = backend;
    this.constants = constants;
  }

  /** Whether a program is run once in a model's life, and so not worth code for each level. */
  static boolean runsOnce(String program) {
    return program.equals(INIT);
  }

  /** Some platform that has the level. */
  static NativePlatform platform(IsaLevel level) {
    return level == IsaLevel.NEON ? NativePlatform.LINUX_AARCH64 : NativePlatform.LINUX_X86_64;
  }

  /** The programs of a level, in the order of their numbers. */
  List<EmittedNativeProgram> of(IsaLevel level) {
    emit(List.of(level));
    return packed.get(level).keySet().stream().map(emitted::get).toList();
  }

  /** Emits what levels lack, on all cores. */
  synchronized void emit(List<IsaLevel> levels) {
    Map<String, Callable<EmittedNativeProgram>> work = new LinkedHashMap<>();
    for (IsaLevel level : levels) {
      packed
          .computeIfAbsent(level, this::packed)
          .forEach(
              (symbol, program) -> {
                if (!emitted.containsKey(symbol)) {
                  IsaLevel own = own(program, level);
                  work.put(symbol, () -> backend.emit(program, symbol, platform(own).target(own)));
                }
              });
    }
    List<EmittedNativeProgram> done = ConcurrentTasks.run(new ArrayList<>(work.values()));
    int next = 0;
    for (String symbol : work.keySet()) {
      // One after another: names of constants depend on the order.
      emitted.put(symbol, constants.add(done.get(next++)));
    }
  }

  /** Programs by symbol. */
  private Map<String, KernelProgram> packed(IsaLevel level) {
    Map<String, KernelProgram> result = new LinkedHashMap<>();
    for (KernelProgram program : PackedPrograms.of(programs, platform(level).target(level))) {
      String name = program.name() + "_" + own(program, level).text();
      result.put(name.replaceAll("[^A-Za-z0-9]", "_"), program);
    }
    return result;
  }

  private static IsaLevel own(KernelProgram program, IsaLevel level) {
    return runsOnce(program.name()) ? platform(level).levels().get(0) : level;
  }
}
