package org.modelc.compiler.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.schedule.ScheduledProduct;
import org.modelc.compiler.program.NativeBuild;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;

/** Compares schedules with the programs that they are given for. */
public final class ScheduleChecks {
  private ScheduleChecks() {}

  /**
   * Warnings of schedules for kernels that no program has. Levels that the build is not for are not
   * looked at.
   *
   * @param levels those of the build
   * @throws DiagnosticException if a kernel cannot run so
   */
  public static List<Diagnostic> of(ScheduleFile file, NativeBuild build, List<IsaLevel> levels) {
    Map<IsaLevel, Map<String, ScheduledProduct>> products = new HashMap<>();
    List<Diagnostic> warnings = new ArrayList<>();
    List<Diagnostic> mistakes = new ArrayList<>();
    for (ScheduleFile.Kernel kernel : file.kernels()) {
      if (!levels.contains(kernel.level())) {
        continue;
      }
      ScheduledProduct found =
          products
              .computeIfAbsent(kernel.level(), level -> products(build, level))
              .get(kernel.kernel());
      if (found == null) {
        warnings.add(unknown(kernel));
        continue;
      }
      Optional<String> mistake = found.choices().mistake(kernel.schedule());
      mistake.ifPresent(
          text ->
              mistakes.add(
                  Diagnostic.of(DiagnosticCode.BAD_SETTING, kernel.span(), text)
                      .withHint("give less, or tune anew with --tune")));
    }
    if (!mistakes.isEmpty()) {
      throw new DiagnosticException(mistakes);
    }
    return warnings;
  }

  private static Diagnostic unknown(ScheduleFile.Kernel kernel) {
    return Diagnostic.of(
            DiagnosticCode.UNKNOWN_KERNEL,
            kernel.span(),
            "no program of the model has the kernel " + kernel.kernel())
        .withHint("the schedule is of another model or version; tune anew with --tune");
  }

  /** Products of a level by fingerprint. */
  static Map<String, ScheduledProduct> products(NativeBuild build, IsaLevel level) {
    Map<String, ScheduledProduct> products = new HashMap<>();
    for (EmittedNativeProgram program : build.emitted(level)) {
      for (EmittedNativeProgram.Phase phase : program.kernels()) {
        phase.product().ifPresent(product -> products.put(product.kernel(), product));
      }
    }
    return products;
  }
}
