package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss that is no number: the value and its line are named, parameters stay, nothing is lost. */
class NotFiniteTest {
  @TempDir Path folder;

  private Path model(String rows) throws IOException {
    Files.writeString(folder.resolve("points.csv"), "a,target\n" + rows);
    return Files.writeString(
        folder.resolve("line.model"),
        """
        model Line {
            fn y(a: f32[B]) -> f32[B] {
                param weight: f32[1] = zeros()
                let steep = log(a)
                steep * weight
            }
            export fn predict(a: f32[B]) -> (y: f32[B]) = (y: y(a))
            fn loss(a: f32[B], target: f32[B]) -> f32[B] = squared_error(y(a), target)
        }
        data points { rows = csv("points.csv") split 100% / 0% / 0% ordered }
        train Line on points {
            minimize loss with sgd(0.1)
            batch 2   epochs 12
            measure mae(predict.y, target)
        }
        """);
  }

  @Test
  void theValueAndItsLineAreNamedAndTheOldJarStays() throws IOException {
    Path jar = folder.resolve("Line.jar");
    assertThat(CommandLineRun.of("train", model("1,1\n2,2\n3,3\n4,4\n"), "-o", jar).code())
        .isZero();
    byte[] before = Files.readAllBytes(jar);
    CommandLineRun run = CommandLineRun.of("train", model("0,1\n0,2\n0,3\n0,4\n"), "-o", jar);
    assertThat(run.code()).as(run.error()).isEqualTo(1);
    assertThat(run.error())
        .contains("the loss was not finite for 8 steps in a row")
        .contains(
            "the first value to become NaN or infinite is",
            "is log at",
            "line.model:4:21",
            "`log(a)`")
        .contains("parameters are as before")
        .doesNotContain("\tat ");
    assertThat(jar).hasBinaryContent(before);
  }

  /** One row in four spoils every step it is in; the others are learned from. */
  @Test
  void aBadStepIsSkippedAndTold() throws IOException {
    Path jar = folder.resolve("Line.jar");
    CommandLineRun run = CommandLineRun.of("train", model("0,1\n2,2\n3,3\n4,4\n"), "-o", jar);
    assertThat(run.error()).contains("changed nothing: the first value", "is log at");
    assertThat(jar).exists();
    Path one = Files.writeString(folder.resolve("one.json"), "{\"a\": 2.0}");
    CommandLineRun answer = CommandLineRun.of("predict", jar, "--input", one, "--json");
    double y = JsonText.MAPPER.readTree(answer.out()).get("y").asDouble(Double.NaN);
    assertThat(y).as("learned from the good steps, with finite parameters").isBetween(0.1, 10.0);
  }
}
