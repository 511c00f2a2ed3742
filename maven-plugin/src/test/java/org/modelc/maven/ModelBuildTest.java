package org.modelc.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.Evaluation;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.schedule.ScheduleFile;
import org.modelc.ir.diagnostic.SourceSpan;

class ModelBuildTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  private static final String TAUGHT = "distill predict.y with teacher(\"JAR\", weight: 0.5)\n    ";

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void write() {
    project = new TestProject(folder);
    project.write("line.model", TestProject.line("Line"));
    project.write("line.csv", TestProject.POINTS);
  }

  private ModelUnit unit() {
    return project.units().get(0);
  }

  private boolean trains() {
    project.build().train(unit());
    return project.said().stream().anyMatch(line -> line.startsWith("training Line"));
  }

  @Test
  void classIsASourceAndTheRestResources() throws IOException {
    project.build().compile(unit());
    assertThat(Files.readString(project.source("models/Line.java")))
        .contains("package models;", "A line through points.", "public static Line load()");
    for (String each :
        List.of(
            "META-INF/modelc/Line.json",
            "META-INF/modelc/Line.safetensors",
            "META-INF/modelc/Line.model",
            "META-INF/modelc/Line/card.html",
            "META-INF/sbom/Line.cdx.json",
            "models/LinePredictProgram.class")) {
      assertThat(project.resource(each)).exists();
    }
    assertThat(project.resource("models/Line.class")).doesNotExist();
    assertThat(project.resource("META-INF/LICENSE")).doesNotExist();
    // A checksum of the class would be of another compiler's output.
    assertThat(Files.readString(project.resource("META-INF/modelc/Line.json")))
        .containsPattern("models/LinePredictProgram.class\": *\"")
        .doesNotContain("models/Line.class");
  }

  @Test
  void whatDidNotChangeIsLeftAlone() throws IOException {
    project.build().compile(unit());
    Path source = project.source("models/Line.java");
    Files.setLastModifiedTime(source, LONG_AGO);
    assertThat(project.said()).contains("compiling Line");
    project.build().compile(unit());
    assertThat(project.said()).isEmpty();
    // A comment changes the hash of the model file, but not its class.
    project.write("line.model", "// A remark.\n" + TestProject.line("Line"));
    project.build().compile(unit());
    assertThat(project.said()).contains("compiling Line");
    assertThat(Files.getLastModifiedTime(source)).isEqualTo(LONG_AGO);
    Files.delete(source);
    project.build().compile(unit());
    assertThat(source).exists();
  }

  @Test
  void trainingIsKeptOutsideOfWhatCleanDeletes() throws IOException {
    assertThat(trains()).isTrue();
    assertThat(trains()).isFalse();
    deleteTarget();
    project.build().compile(unit());
    assertThat(project.said()).noneMatch(line -> line.startsWith("compiling"));
    assertThat(trains()).isFalse();
    assertThat(project.build().isTrained(unit())).isTrue();
    ModelArchive jar = ModelArchive.open(project.build().built(unit()).jar());
    assertThat(Evaluation.recorded(jar).metrics().get("test").get("r2")).isGreaterThan(0.99);
  }

  @Test
  void schedulesAreAnInputOfATraining() {
    assertThat(trains()).isTrue();
    project.schedule(schedules(64, 1.5));
    project.build().train(unit());
    assertThat(project.said()).contains("training Line: schedules is new");
    // What was measured decides nothing.
    project.schedule(schedules(64, 1.25));
    assertThat(trains()).isFalse();
    project.schedule(schedules(96, 1.5));
    project.build().train(unit());
    assertThat(project.said()).contains("training Line: schedules changed");
  }

  private static ScheduleFile schedules(int partSteps, double gain) {
    Map<ProductKnob, Integer> values = new EnumMap<>(ProductKnob.class);
    for (ProductKnob knob : ProductKnob.values()) {
      values.put(knob, knob == ProductKnob.PART_STEPS ? partSteps : knob.least());
    }
    ProductSchedule schedule = new ProductSchedule(values);
    return new ScheduleFile(
        List.of(
            new ScheduleFile.Kernel(
                IsaLevel.X86_64_V3, "f32 1 x 2 x 3", schedule, gain, SourceSpan.NONE)));
  }

  private void deleteTarget() throws IOException {
    try (var files = Files.walk(folder.resolve("target"))) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void changedDataIsTrainedAnewAndTheReasonTold() {
    assertThat(trains()).isTrue();
    project.write("line.csv", TestProject.POINTS + "8,17\n");
    project.build().train(unit());
    assertThat(project.said()).contains("training Line: data line.csv changed");
    project.write("line.model", TestProject.line("Line").replace("epochs 60", "epochs 61"));
    project.build().train(unit());
    assertThat(project.said()).contains("training Line: model line.model changed");
  }

  @Test
  void jarThatIsGoneIsMadeForAGoalAlone() throws IOException {
    assertThat(trains()).isTrue();
    deleteTarget();
    ModelArchive jar = project.build().open(unit());
    assertThat(Evaluation.recorded(jar).metrics()).containsKey("test");
    project.said();
    project.build().open(unit());
    assertThat(project.said()).isEmpty();
  }

  @Test
  void changedCompilerTrainsAnew() throws IOException {
    assertThat(trains()).isTrue();
    Path inputs = folder.resolve(".modelc/Line.inputs");
    String sealed = Files.readString(inputs);
    assertThat(sealed).startsWith("compiler: " + org.modelc.compiler.Compiler.version() + " ");
    Files.writeString(inputs, sealed.replaceFirst("compiler: .*", "compiler: 0.0.1 0123"));
    project.build().train(unit());
    assertThat(project.said()).contains("training Line: compiler changed");
  }

  /** Native code takes longer to compile than many a model to train: once a build is enough. */
  @Test
  void whatCompileCompiledIsTrained() throws IOException {
    project.build().compile(unit());
    assertThat(trains()).isTrue();
    assertThatThrownBy(() -> take(Fingerprint.of(unit(), project.settings())))
        .hasMessage("is compiled anew");
    TestProject alone = new TestProject(folder.resolve("alone"));
    alone.write("line.model", TestProject.line("Line"));
    alone.write("line.csv", TestProject.POINTS);
    alone.build().train(alone.units().get(0));
    assertThat(folder.resolve(".modelc/Line.jar"))
        .hasSameBinaryContentAs(folder.resolve("alone/.modelc/Line.jar"));
  }

  @Test
  void whatCompileCompiledOfOtherInputsIsNot() {
    project.build().compile(unit());
    assertThat(take(Fingerprint.of(unit(), project.settings())).model().name()).isEqualTo("Line");
    project.build().compile(unit());
    assertThat(project.said()).as("up to date, so compiled once").hasSize(1);
    project.write("line.model", "// A remark.\n" + TestProject.line("Line"));
    project.build().compile(unit());
    project.write("line.csv", TestProject.POINTS + "8,17\n");
    assertThatThrownBy(() -> take(Fingerprint.of(unit(), project.settings())))
        .hasMessage("is compiled anew");
  }

  private Compilation take(Fingerprint inputs) {
    return project
        .compilations()
        .take(
            "Line",
            inputs,
            () -> {
              throw new IllegalStateException("is compiled anew");
            });
  }

  /** A taught model's teacher is an input like its rows. */
  @Test
  void changedTeacherTrainsAnew() {
    project.write("teacher.model", TestProject.line("Teacher"));
    ModelUnit teacher = project.units().get(1);
    project.build().train(teacher);
    Path kept = folder.resolve(".modelc/Teacher.jar");
    String taught = TestProject.line("Line").replace("batch 6", TAUGHT + "batch 6");
    project.write("line.model", taught.replace("JAR", relative(kept)));
    project.said();
    project.build().train(unit());
    assertThat(project.said()).contains("training Line: no training of it is kept in .modelc");
    project.write("teacher.model", TestProject.line("Teacher").replace("epochs 60", "epochs 61"));
    project.build().train(project.units().get(1));
    project.said();
    project.build().train(unit());
    assertThat(project.said()).contains("training Line: data Teacher.jar changed");
  }

  private String relative(Path file) {
    return folder.resolve("src/main/model").relativize(file).toString().replace('\\', '/');
  }

  @Test
  void keptTrainingOfOtherDataIsNotUsed() {
    assertThat(trains()).isTrue();
    project.write("line.csv", TestProject.POINTS + "8,17\n");
    project.build().compile(unit());
    assertThat(project.build().isTrained(unit())).isFalse();
  }

  @Test
  void damagedKeptTrainingIsTrainedAnew() throws IOException {
    assertThat(trains()).isTrue();
    Files.delete(folder.resolve(".modelc/Line.jar"));
    assertThat(trains()).isTrue();
  }

  @Test
  void modelThatIsGoneLeavesNothing() throws IOException {
    project.write("other.model", TestProject.line("Other"));
    project.units().forEach(project.build()::compile);
    assertThat(project.source("models/Other.java")).exists();
    Files.delete(folder.resolve("src/main/model/other.model"));
    project.build().retain(project.units());
    assertThat(project.source("models/Other.java")).doesNotExist();
    assertThat(project.resource("META-INF/modelc/Other.json")).doesNotExist();
    assertThat(project.source("models/Line.java")).exists();
  }

  @Test
  void foldersArePackages() {
    project.write("org/example/deep.model", TestProject.line("Deep"));
    project.write("org/example/line.csv", TestProject.POINTS);
    project.units().forEach(project.build()::compile);
    assertThat(project.source("org/example/Deep.java")).exists();
    assertThat(project.resource("org/example/DeepTrainProgram.class")).exists();
  }
}
