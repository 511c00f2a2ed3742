package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.runtime.train.TrainingListener;

/** Models that learn from a teacher. */
class DistillationTest {
  @TempDir Path folder;

  /** Rows whose column y is a − 2 b, and a column of the same y turned round. */
  @BeforeEach
  void rows() throws IOException {
    StringBuilder rows = new StringBuilder("a,b,y,wrong\n");
    for (int i = 0; i < 100; i++) {
      double a = i % 10 / 5.0 - 1;
      double b = i * 7 % 13 / 6.0 - 1;
      double y = a - 2 * b;
      rows.append(a + "," + b + "," + y + "," + -y + "\n");
    }
    Files.writeString(folder.resolve("points.csv"), rows);
  }

  private TrainedModel train(String name, int hidden, String target, String sentence) {
    return train(name, hidden, target, sentence, "");
  }

  private TrainedModel train(
      String name, int hidden, String target, String sentence, String block) {
    String text =
        """
        model NAME {
            fn of(a: f32[B], b: f32[B]) -> f32[B] = stack([a, b], axis: 1) |> dense(HIDDEN) |> relu |> dense(1) |> squeeze(-1)
            export fn predict(a: f32[B], b: f32[B]) -> (y: f32[B]) = (y: of(a, b))
            fn loss(a: f32[B], b: f32[B], TARGET: f32[B]) -> f32[B] = squared_error(of(a, b), TARGET)
        }
        data points { rows = csv("points.csv") split 80% / 0% / 20% ordered }
        train NAME on points {
            minimize loss with adam(0.02)
            batch 8   epochs 40
            SENTENCE
            measure mse(predict.y, y)
        }
        """
            .replace("NAME", name)
            .replace("HIDDEN", "" + hidden)
            .replace("TARGET", target)
            .replace("SENTENCE", sentence);
    return Compiler.train(
        ModelSource.of(name + ".model", text + block, folder),
        TrainOptions.defaults().withCompile(CompileOptions.defaults().withBackend(Backend.JVM)),
        TrainingListener.SILENT);
  }

  @Test
  void aStudentBelievesItsTeacher() {
    TrainedModel teacher = train("Teacher", 16, "y", "");
    teacher.jar().write(folder.resolve("Teacher.jar"), true);
    assertThat(teacher.metrics().get("test").get("mse")).isLessThan(0.05);
    TrainedModel student =
        train("Student", 6, "wrong", "distill predict.y with teacher(\"Teacher.jar\", weight: 1)");
    assertThat(student.metrics().get("test").get("mse")).isLessThan(0.1);
    Path jar = folder.resolve("Student.jar");
    student.jar().write(jar, true);
    assertThat(ModelArchive.open(jar).model().tensors().keySet())
        .noneMatch(name -> name.startsWith("teacher."));
    assertThatThrownBy(
            () -> train("Other", 4, "y", "distill predict.y with teacher(\"Narrow.jar\")"))
        .hasMessageContaining("Narrow.jar");
  }

  /**
   * The rows tell the opposite of the teacher, by whom y is off by more than 2 in the mean: what is
   * trained further on them alone would forget him.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune structured 0.4 during 20 epochs",
        "prune movement 0.3 during 20 epochs",
        "quantize int8 during 20 epochs",
        "prune structured 0.4 during 20 epochs quantize int8 during 20 epochs"
      })
  void aStudentBelievesItsTeacherWhileItIsCompressed(String sentences) {
    TrainedModel teacher = train("Teacher", 16, "y", "");
    teacher.jar().write(folder.resolve("Teacher.jar"), true);
    String listens = "distill predict.y with teacher(\"Teacher.jar\", weight: 1)";
    CompressedModel small =
        train("Student", 10, "wrong", listens, "compress Student { " + sentences + " }\n")
            .compressed();
    assertThat(small.measured().get("mse")).as(sentences).isLessThan(0.2);
    assertThat(small.tensors().keySet()).noneMatch(name -> name.startsWith("teacher."));
  }

  @Test
  void aTeacherOfAnotherQuestion() {
    String text =
        """
        model Teacher {
            export fn predict(a: f32[B]) -> (z: f32[B]) = (z: stack([a, a], axis: 1) |> dense(1) |> squeeze(-1))
        }
        """;
    Compiler.build(ModelSource.of("teacher.model", text, folder), CompileOptions.defaults())
        .write(folder.resolve("Teacher.jar"), true);
    assertThatThrownBy(
            () -> train("Student", 4, "y", "distill predict.y with teacher(\"Teacher.jar\")"))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("the teacher has no result predict.y");
    String pairs = text.replace("(z: f32[B])", "(y: f32[B, 2])").replace("(z: stack", "(y: stack");
    pairs = pairs.replace("dense(1) |> squeeze(-1)", "dense(2)");
    Compiler.build(ModelSource.of("teacher.model", pairs, folder), CompileOptions.defaults())
        .write(folder.resolve("Pairs.jar"), true);
    assertThatThrownBy(
            () -> train("Student", 4, "y", "distill predict.y with teacher(\"Pairs.jar\")"))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("the teacher's predict.y is f32[B, 2], the model's f32[B]");
    assertThatThrownBy(() -> train("Student", 4, "y", "distill predict.y with someone(\"T.jar\")"))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("only a teacher");
  }
}
