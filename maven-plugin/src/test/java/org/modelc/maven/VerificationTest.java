package org.modelc.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.jar.ModelArchive;

class VerificationTest {
  private static final Tolerances TOLERANCES = new Tolerances(0.02, 1.5, 1.1);

  @TempDir static Path folder;
  private static ModelArchive jar;
  private static Path data;

  @BeforeAll
  static void train() {
    TestProject project = new TestProject(folder);
    project.write("line.model", TestProject.line("Line"));
    data = project.write("line.csv", TestProject.POINTS).getParent();
    ModelUnit unit = project.units().get(0);
    project.build().train(unit);
    jar = ModelArchive.open(project.build().built(unit).jar());
  }

  private static Figure figure(String name, Map<String, Double> baseline) {
    Verification verification = new Verification(jar, data, new Baseline(baseline), TOLERANCES);
    List<Figure> figures = verification.figures();
    assertThat(figures).extracting(Figure::name).contains("r2", "jar, bytes", "memory, bytes");
    return figures.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void requirementHoldsWithoutBaseline() {
    Figure r2 = figure("r2", Map.of());
    assertThat(r2.limit()).isEqualTo(0.99);
    assertThat(r2.was()).isNaN();
    assertThat(r2.passes()).isTrue();
  }

  @Test
  void stricterOfRequirementAndBaselineHolds() {
    // 0.02 of 1.02 may be lost: 0.9996 is stricter than the required 0.99.
    Figure strict = figure("r2", Map.of("r2", 1.02));
    assertThat(strict.limit()).isCloseTo(0.9996, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(strict.why()).isEqualTo("against the baseline");
    Figure lax = figure("r2", Map.of("r2", 0.5));
    assertThat(lax.limit()).isEqualTo(0.99);
    assertThat(lax.why()).isEqualTo("the model file requires it");
  }

  @Test
  void largerJarThanTheBaselineAllowsDoesNotPass() {
    Figure jarSize = figure("jar, bytes", Map.of("jar, bytes", 100.0));
    assertThat(jarSize.limit()).isCloseTo(110, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(jarSize.passes()).isFalse();
    assertThat(jarSize.line()).contains("100.0000", "110.0000", "WORSE: against the baseline");
  }

  @Test
  void latencyIsToldInProbesAndComparedToTheBaseline() {
    Figure fast = figure("latency, in probes", Map.of("latency, in probes", 1e-9));
    assertThat(fast.passes()).isFalse();
    Figure slow = figure("latency, in probes", Map.of("latency, in probes", 1e9));
    assertThat(slow.passes()).isTrue();
    assertThat(slow.is()).isPositive();
  }

  @Test
  void baselineIsReadAsItWasWritten() {
    Path file = folder.resolve("Line.baseline");
    Baseline.of(List.of(new Figure("r2", Double.NaN, 0.1, Double.NaN, true, ""))).write(file);
    assertThat(Baseline.read(file).figures()).containsExactly(Map.entry("r2", 0.1));
    assertThat(Baseline.read(folder.resolve("None.baseline")).isEmpty()).isTrue();
  }
}
