package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code modelc predict} with each kind of input, in a process of its own: answers by hand, classes
 * by name.
 */
class PredictTest {
  /** Dark or bright, by the mean of the pixels alone: nothing here depends on what was learned. */
  private static final String LIGHT =
      """
      model Light {
          input pixels = image / 255
          fn mean_of(pixels: f32[B, 1, 4, 4]) -> f32[B] = mean(pixels, keep: B)
          /// How bright a picture is.
          export fn brightness(pixels: f32[B, 1, 4, 4]) -> (mean: f32[B]) = (mean: mean_of(pixels))
          export fn predict(pixels: f32[B, 1, 4, 4]) -> (class: i32[B], probabilities: f32[B, 2]) {
              let bright = mean_of(pixels)
              let both = stack(bright, 1 - bright, axis: -1)
              (class: argmax(both, axis: -1), probabilities: both)
          }
          fn loss(pixels: f32[B, 1, 4, 4], label: i32[B]) -> f32[B] {
              param shift: f32[2] = zeros()
              let bright = mean_of(pixels)
              cross_entropy(stack(bright, 1 - bright, axis: -1) + shift, label)
          }
      }
      data pictures {
          rows = folder("pictures", size: 4, color: grey, resize: stretch)
          split 100% / 0% / 0% ordered
      }
      train Light on pictures {
          minimize loss with sgd(0.1)
          batch 2   epochs 1
          measure accuracy(predict.class, label)
      }
      """;

  @TempDir static Path folder;
  private static Path jar;

  @BeforeAll
  static void train() throws IOException {
    picture(folder.resolve("pictures/bright/1.png"), 250);
    picture(folder.resolve("pictures/bright/2.png"), 255);
    picture(folder.resolve("pictures/dark/1.png"), 0);
    picture(folder.resolve("pictures/dark/2.png"), 51);
    Path file = Files.writeString(folder.resolve("light.model"), LIGHT);
    jar = folder.resolve("Light.jar");
    CommandLineRun run = CommandLineRun.of("train", file, "-o", jar);
    assertThat(run.code()).as(run.error()).isZero();
  }

  private static Path picture(Path file, int grey) throws IOException {
    BufferedImage image = new BufferedImage(6, 6, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 36; i++) {
      image.setRGB(i % 6, i / 6, new Color(grey, grey, grey).getRGB());
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  /** Runs modelc as the script does. */
  private static JsonNode predict(Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.modelc.cli.Main"));
    command.addAll(List.of("predict", jar.toString(), "--json"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path errors = folder.resolve("errors.txt");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    assertThat(out.lines()).as("one object, one line").hasSize(1);
    return JsonText.MAPPER.readTree(out);
  }

  @Test
  void aPictureGivesOneObjectWithClassesByName() throws Exception {
    Path some = picture(folder.resolve("some.png"), 204);
    JsonNode answer = predict("--input", some);
    // 204 / 255 = 0.8: class 0, the first in text order, is `bright`.
    assertThat(answer.get("class").asText()).isEqualTo("bright");
    assertThat(answer.get("probabilities").get("bright").asDouble()).isCloseTo(0.8, within(1e-6));
    assertThat(answer.get("probabilities").get("dark").asDouble()).isCloseTo(0.2, within(1e-6));
  }

  @Test
  void anotherFunctionIsChosenByName() throws Exception {
    Path some = picture(folder.resolve("other.png"), 51);
    JsonNode answer = predict("--input", some, "--function", "brightness");
    assertThat(answer.size()).isEqualTo(1);
    assertThat(answer.get("mean").asDouble()).isCloseTo(0.2, within(1e-6));
  }

  @Test
  void anObjectGivesAnObjectAndAnArrayAnArray() throws Exception {
    String row = "[[51,51,51,51],[51,51,51,51],[51,51,51,51],[51,51,51,51]]";
    Path one = Files.writeString(folder.resolve("one.json"), "{\"image\": [" + row + "]}");
    assertThat(predict("--input", one).get("class").asText()).isEqualTo("dark");
    Path two =
        Files.writeString(
            folder.resolve("two.json"),
            "[{\"image\": [" + row + "]}, {\"image\": [" + row.replace("51", "255") + "]}]");
    JsonNode both = predict("--input", two);
    assertThat(both.isArray()).isTrue();
    assertThat(both.get(0).get("class").asText()).isEqualTo("dark");
    assertThat(both.get(1).get("class").asText()).isEqualTo("bright");
  }

  @Test
  void damagedPicturesAreNamed() throws IOException {
    Path good = picture(folder.resolve("good.png"), 9);
    byte[] bytes = Files.readAllBytes(good);
    Path cut = Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(bytes, 40));
    CommandLineRun run = CommandLineRun.of("predict", jar, "--input", cut);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.error()).contains("cut.png").doesNotContain("\tat ", "internal error");
    Path text = Files.writeString(folder.resolve("text.png"), "no picture");
    run = CommandLineRun.of("predict", jar, "--input", text);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.error()).contains("text.png").doesNotContain("\tat ", "internal error");
  }
}
