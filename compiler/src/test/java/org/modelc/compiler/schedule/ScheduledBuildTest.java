package org.modelc.compiler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.codegen.llvm.schedule.ScheduledProduct;
import org.modelc.compiler.Backend;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TuneOptions;
import org.modelc.compiler.program.NativeBuild;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.Frame;
import org.modelc.runtime.ModelcException;

/** Builds that are given schedules, and what tuning gives on this machine. */
class ScheduledBuildTest {
  private static final String MODEL =
      """
      model Net {
          export fn predict(x: f32[N, 40]) -> (y: f32[N, 48]) =
              (y: x |> dense(200) |> relu |> dense(48))
      }
      """;

  @TempDir Path folder;

  private static Compilation compiled(ScheduleFile schedules) {
    return Compiler.compile(
        ModelSource.of("net.model", MODEL, Path.of("")),
        CompileOptions.defaults().withBackend(Backend.NATIVE).withSchedules(schedules));
  }

  /** Other schedules of all products, at all levels of the machine. */
  private static ScheduleFile others(Compilation compilation) {
    NativeBuild build = NativeBuild.of(compilation.programs());
    List<ScheduleFile.Kernel> kernels = new ArrayList<>();
    for (IsaLevel level : build.levels(NativePlatform.host())) {
      Map<String, ScheduledProduct> products = ScheduleChecks.products(build, level);
      assertThat(products).hasSize(2);
      products.forEach(
          (kernel, product) -> {
            ProductSchedule other =
                product
                    .schedule()
                    .with(ProductKnob.TILE_ROWS, 3)
                    .with(ProductKnob.PART_STEPS, 32)
                    .with(ProductKnob.PACK_LEFT, 0);
            kernels.add(new ScheduleFile.Kernel(level, kernel, other, 1, SourceSpan.NONE));
          });
    }
    return new ScheduleFile(kernels);
  }

  private byte[] jar(Compilation compilation, String name) throws IOException {
    Path file = folder.resolve(name);
    Compiler.build(compilation).write(file, true);
    return Files.readAllBytes(file);
  }

  private static float[] predicted(Compilation compilation, int rows) {
    Frame frame = compilation.programSet(compilation.initialTensors(7)).frame("predict");
    float[] x = new float[rows * 40];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 37 % 101 - 50) / 25f;
    }
    frame.dim("N", rows);
    frame.bind("x", x);
    frame.run();
    return (float[]) frame.array("y");
  }

  @Test
  void aFileChangesTheCodeAndNoBitOfAResult() throws IOException {
    Compilation plain = compiled(ScheduleFile.NONE);
    Path file = folder.resolve("schedules.json");
    others(plain).write(file);
    Compilation tuned = compiled(ScheduleFile.read(file));
    assertThat(tuned.warnings()).isEmpty();
    IsaLevel level = NativeBuild.of(plain.programs()).hostLevel();
    assertThat(llvm(tuned, level)).contains("tileRows 3 for").isNotEqualTo(llvm(plain, level));
    for (int rows : new int[] {1, 2, 33}) {
      assertThat(predicted(tuned, rows)).isEqualTo(predicted(plain, rows));
    }
    byte[] jar = jar(tuned, "tuned.jar");
    assertThat(jar(compiled(ScheduleFile.read(file)), "again.jar")).isEqualTo(jar);
    assertThat(jar(plain, "plain.jar")).isNotEqualTo(jar);
  }

  private static String llvm(Compilation compilation, IsaLevel level) {
    StringBuilder text = new StringBuilder();
    NativeBuild.of(compilation.programs())
        .emitted(level)
        .forEach(program -> text.append(program.llvm()));
    return text.toString();
  }

  @Test
  void kernelsOfAnotherModelAreWarnedOf() throws IOException {
    String text = others(compiled(ScheduleFile.NONE)).text().replace("n1 x 200", "n1 x 201");
    Path file = Files.writeString(folder.resolve("other.json"), text);
    List<Diagnostic> warnings = compiled(ScheduleFile.read(file)).warnings();
    NativeBuild build = NativeBuild.of(compiled(ScheduleFile.NONE).programs());
    assertThat(warnings).hasSize(build.levels(NativePlatform.host()).size());
    assertThat(warnings.get(0).toString())
        .startsWith("W605 " + file + ":6:")
        .contains("n1 x 201 x 40", "of another model or version");
  }

  @Test
  void blocksBeyondAllMemoryAreRefused() throws IOException {
    ScheduleFile others = others(compiled(ScheduleFile.NONE));
    List<ScheduleFile.Kernel> kernels = new ArrayList<>();
    for (ScheduleFile.Kernel each : others.kernels()) {
      ProductSchedule large = each.schedule().with(ProductKnob.BLOCK_TILES, 8192);
      kernels.add(new ScheduleFile.Kernel(each.level(), each.kernel(), large, 1, SourceSpan.NONE));
    }
    Path file = folder.resolve("large.json");
    new ScheduleFile(kernels).write(file);
    assertThatThrownBy(() -> compiled(ScheduleFile.read(file)))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("E409 " + file + ":6:")
        .hasMessageContaining("blockTiles of 8192 would take");
  }

  /** How fast what is found is depends on the machine; that it is one the build takes does not. */
  @Test
  void whatIsTunedBuilds() {
    List<String> knobs = new ArrayList<>();
    TuneOptions options = new TuneOptions(Map.of("N", 16), 32, 1);
    ScheduleFile found =
        Compiler.tune(compiled(ScheduleFile.NONE), options, (knob, done, all) -> knobs.add(knob));
    assertThat(knobs).startsWith("tileRows").endsWith("comparison");
    Compilation tuned = compiled(found);
    assertThat(tuned.warnings()).isEmpty();
    assertThat(predicted(tuned, 5)).isEqualTo(predicted(compiled(ScheduleFile.NONE), 5));
    found.kernels().forEach(kernel -> assertThat(kernel.gain()).isGreaterThan(1));
  }

  @Test
  void dimsThatNoFunctionHas() {
    TuneOptions options = new TuneOptions(Map.of("B", 16), 32, 1);
    Compilation compilation = compiled(ScheduleFile.NONE);
    assertThatThrownBy(() -> Compiler.tune(compilation, options, (knob, done, all) -> {}))
        .isInstanceOf(ModelcException.class)
        .hasMessage("no function of the model has a dim B");
  }
}
