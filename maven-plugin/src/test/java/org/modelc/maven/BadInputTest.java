package org.modelc.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.runtime.ModelcException;

class BadInputTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void write() {
    project = new TestProject(folder);
    project.write("line.csv", TestProject.POINTS);
  }

  @Test
  void twoModelsOfOneNameAreNamedWithBothPlaces() {
    Path first = project.write("a.model", TestProject.line("Line"));
    Path second = project.write("b.model", TestProject.line("Line"));
    assertThatThrownBy(project::units)
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            mistake ->
                assertThat(Failures.line(mistake.diagnostics().get(0)))
                    .contains(
                        second + ":[2,7] E102 a project has one model named Line",
                        first + ":[2,7] the other one",
                        "hint: rename one"));
  }

  @Test
  void dataOutsideTheProjectNeedsLeave() throws IOException {
    Path outside = Files.createDirectories(folder.resolve("elsewhere")).resolve("line.csv");
    Files.writeString(outside, TestProject.POINTS);
    TestProject inner = new TestProject(folder.resolve("project"));
    inner.write(
        "line.model",
        TestProject.line("Line").replace("line.csv", "../../../../elsewhere/line.csv"));
    assertThatThrownBy(inner::units)
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("data of Line lies outside the project: " + outside)
        .hasMessageContaining("externalData");
    assertThat(new ModelUnits(inner.settings(true)).find()).hasSize(1);
  }

  @Test
  void mistakesOfAllFilesAreToldAtOnceAndClickable() {
    String broken = TestProject.line("Line").replace("@ weight", "@ wieght");
    Path first = project.write("a.model", broken.replace("model Line", "model {"));
    Path second = project.write("b.model", "model B { fn }");
    assertThatThrownBy(project::units)
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            mistakes ->
                assertThat(mistakes.diagnostics().stream().map(Failures::line))
                    .anyMatch(line -> line.startsWith(first + ":[2,"))
                    .anyMatch(line -> line.startsWith(second + ":[1,")));
  }

  @Test
  void folderThatIsNoPackageIsRefused() {
    project.write("my-models/line.model", TestProject.line("Line"));
    assertThatThrownBy(project::units)
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("my-models")
        .hasMessageContaining("no Java package name");
  }

  @Test
  void missingDataIsNamed() throws IOException {
    project.write("line.model", TestProject.line("Line"));
    Files.delete(folder.resolve("src/main/model/line.csv"));
    assertThatThrownBy(() -> project.build().compile(project.units().get(0)))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("line.csv cannot be read");
  }

  @Test
  void usersMistakesFailTheBuildAndOursAreBugs() {
    SystemStreamLog log = new SystemStreamLog();
    assertThatThrownBy(
            () ->
                Failures.told(
                    log,
                    () -> {
                      throw new ModelcException("the file is gone", "look for it");
                    }))
        .isInstanceOf(MojoFailureException.class)
        .hasNoCause()
        .hasMessage("the file is gone\n  hint: look for it");
    assertThatThrownBy(
            () ->
                Failures.told(
                    log,
                    () -> {
                      throw new IllegalStateException("odd");
                    }))
        .isInstanceOf(MojoExecutionException.class)
        .hasMessageContaining("mistake of modelc")
        .hasRootCauseMessage("odd");
  }

  @Test
  void unknownBackendNamesTheOthers() {
    assertThat(ModelMojo.backendNamed("jvm")).isEqualTo(org.modelc.compiler.Backend.JVM);
    assertThatThrownBy(() -> ModelMojo.backendNamed("cobol"))
        .isInstanceOfSatisfying(
            ModelcException.class, wrong -> assertThat(wrong.hint()).contains("native, jvm"))
        .hasMessage("there is no backend `cobol`");
  }

  @Test
  void runtimeWithoutCompilerIsTold() {
    assertThatThrownBy(() -> ModelMojo.requireJdk(null))
        .isInstanceOfSatisfying(
            ModelcException.class, jre -> assertThat(jre.hint()).contains("JDK", "JAVA_HOME"))
        .hasMessageContaining("no compiler");
    ModelMojo.requireJdk(javax.tools.ToolProvider.getSystemJavaCompiler());
  }

  @Test
  void baselineThatIsNoneNamesItsLine() throws IOException {
    Path file = Files.writeString(folder.resolve("Line.baseline"), "r2: 0.9\njar bytes\n");
    assertThatThrownBy(() -> Baseline.read(file))
        .hasMessageContaining(file + ":[2,1] `jar bytes` is no figure");
  }
}
