package org.modelc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.schedule.ProductChoices;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.codegen.llvm.schedule.ProductSchedules;
import org.modelc.compiler.program.NativeBuild;
import org.modelc.compiler.schedule.KernelTrials;
import org.modelc.compiler.schedule.ScheduleFile;
import org.modelc.compiler.schedule.Tuner;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.spec.ProgramAbi;

/** Times the products of a model on this machine, at its level, with one schedule or another. */
final class ScheduleTuning implements KernelTrials {
  /** The program that draws first values, once in a model's life. */
  private static final String INIT = "init";

  /** A run of a trial takes at least so long, so that short programs are called several times. */
  private static final long NANOS = 2_000_000;

  private static final int MOST_CALLS = 50;

  private final Compilation compilation;
  private final TuneOptions options;
  private final IsaLevel level;
  private final Map<String, ProductChoices> kernels = new LinkedHashMap<>();
  private final List<String> programs = new ArrayList<>();
  private final Map<String, Integer> dims = new HashMap<>();

  ScheduleTuning(Compilation compilation, TuneOptions options) {
    this.compilation = compilation;
    this.options = options;
    if (compilation.programs().nativeBuild() == null) {
      throw new ModelcException("schedules are of native code", "add --backend native");
    }
    NativeBuild build = NativeBuild.of(compilation.programs());
    this.level = build.hostLevel();
    for (EmittedNativeProgram program : build.emitted(level)) {
      add(program);
    }
    options.requireKnown(dims.keySet());
  }

  private void add(EmittedNativeProgram program) {
    ProgramAbi abi = program.abi();
    abi.dims().forEach(dim -> dims.put(dim, options.value(dim, abi)));
    boolean multiplies = program.kernels().stream().anyMatch(each -> each.product().isPresent());
    if (abi.name().equals(INIT) || !multiplies) {
      return;
    }
    programs.add(abi.name());
    for (EmittedNativeProgram.Phase phase : program.kernels()) {
      phase.product().ifPresent(each -> kernels.put(each.kernel(), each.choices()));
    }
  }

  /** Looks for faster schedules. */
  ScheduleFile run(Tuner.Progress progress) {
    Map<String, Tuner.Tuned> tuned =
        new Tuner(this, System::nanoTime, progress).run(options.seconds() * 1_000_000_000L);
    List<ScheduleFile.Kernel> found = new ArrayList<>();
    tuned.forEach(
        (kernel, each) ->
            found.add(
                new ScheduleFile.Kernel(
                    level, kernel, each.schedule(), each.gain(), SourceSpan.NONE)));
    return new ScheduleFile(found);
  }

  @Override
  public Map<String, ProductChoices> kernels() {
    return kernels;
  }

  @Override
  public Trial prepare(Map<String, ProductSchedule> schedules) {
    ProductSchedules given = new ProductSchedules(Map.of(level, schedules));
    TimedPrograms timed = new TimedPrograms(compilation, compilation.programs().timed(given));
    List<TimedPrograms.Calls> calls = new ArrayList<>();
    programs.forEach(program -> calls.add(timed.calls(program, dims, 1)));
    return () -> {
      Map<String, Double> times = new HashMap<>();
      calls.forEach(program -> time(program, times));
      return times;
    };
  }

  /** Adds the time of a program's products: of each the least of some calls. */
  private static void time(TimedPrograms.Calls program, Map<String, Double> times) {
    long[] least = null;
    long end = System.nanoTime() + NANOS;
    for (int i = 0; i < MOST_CALLS && (i == 0 || System.nanoTime() < end); i++) {
      program.run();
      least = least(least, program.ticks());
    }
    for (int i = 0; i < program.phases().size(); i++) {
      double ticks = Math.max(1, least[i]);
      program
          .phases()
          .get(i)
          .product()
          .ifPresent(product -> times.merge(product.kernel(), ticks, Double::sum));
    }
  }

  private static long[] least(long[] before, long[] ticks) {
    long[] result = new long[ticks.length / 2 - 1];
    for (int i = 0; i < result.length; i++) {
      long time = ticks[3 + 2 * i] - ticks[2 + 2 * i];
      result[i] = before == null ? time : Math.min(before[i], time);
    }
    return result;
  }
}
