package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} with a compress block, {@code compress}, and what {@code inspect} says of both. */
class CompressTest {
  @TempDir Path folder;

  private Path model(String block) throws IOException {
    StringBuilder rows = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 60; i++) {
      rows.append(i % 7 / 3.0 - 1).append(',').append(i % 11 / 5.0 - 1).append(',');
      rows.append(i % 7 / 3.0 - i % 11 / 5.0).append('\n');
    }
    Files.writeString(folder.resolve("points.csv"), rows);
    return Files.writeString(
        folder.resolve("line.model"),
        """
        model Line {
            fn of(a: f32[B], b: f32[B]) -> f32[B] = stack([a, b], axis: 1) |> dense(8) |> relu |> dense(1) |> squeeze(-1)
            export fn predict(a: f32[B], b: f32[B]) -> (y: f32[B]) = (y: of(a, b))
            fn loss(a: f32[B], b: f32[B], y: f32[B]) -> f32[B] = squared_error(of(a, b), y)
        }
        data points { rows = csv("points.csv") split 80% / 0% / 20% ordered }
        train Line on points {
            minimize loss with adam(0.01)
            batch 8   epochs 10
            measure mse(predict.y, y)
        }
        """
            + block);
  }

  @Test
  void aTrainedJarIsCompressed() throws IOException {
    Path jar = folder.resolve("Line.jar");
    Path small = folder.resolve("Small.jar");
    assertThat(CommandLineRun.of("train", model(""), "-o", jar).code()).isZero();
    CommandLineRun run =
        CommandLineRun.of(
            "compress", jar, "-o", small, "--data", folder, "--json", "--by", "quantize int8");
    assertThat(run.code()).as(run.error()).isZero();
    JsonNode weight =
        JsonText.MAPPER.readTree(run.out()).at("/compression/parameters/of.dense.weight");
    assertThat(weight.get("stored").asText()).isEqualTo("int8");
    assertThat(weight.get("bytes_after").asInt()).isEqualTo(16 + 16);
    assertThat(CommandLineRun.of("inspect", small, "--stage", "compression").out())
        .contains("of.dense_2.weight", "int8 per row", "parameters");
    CommandLineRun plain = CommandLineRun.of("inspect", jar, "--stage", "compression");
    assertThat(plain.code()).isEqualTo(1);
    assertThat(plain.error()).contains("is not compressed", "modelc compress");
    CommandLineRun unsaid = CommandLineRun.of("compress", jar, "-o", small, "--data", folder);
    assertThat(unsaid.code()).isEqualTo(1);
    assertThat(unsaid.error()).contains("--by");
  }

  @Test
  void severalWaysAreTried() throws IOException {
    Path jar = folder.resolve("Line.jar");
    assertThat(CommandLineRun.of("train", model(""), "-o", jar).code()).isZero();
    CommandLineRun run = CommandLineRun.of("compress", jar, "--data", folder, "--search", "--json");
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(run.error()).contains("trying 1 of 11: quantize weights f16", "trying 11 of 11: ");
    JsonNode found = JsonText.MAPPER.readTree(run.out());
    assertThat(found.get("measure").asText()).isEqualTo("mse");
    // There are no validation rows, and test rows choose nothing.
    assertThat(found.get("rows").asText()).isEqualTo("train");
    JsonNode plain = found.get("candidates").get(0);
    assertThat(plain.get("sentences").asText()).isEmpty();
    // 16 + 8 + 8 + 1 floats.
    assertThat(plain.get("parameter_bytes").asInt()).isEqualTo(4 * 33);
    JsonNode half = found.get("candidates").get(1);
    assertThat(half.get("sentences").asText()).isEqualTo("quantize weights f16");
    assertThat(half.get("parameter_bytes").asInt()).isEqualTo(2 * 33);
    assertThat(found.get("candidates").findValues("front")).anyMatch(JsonNode::asBoolean);
    // 8 + 16 and 4 + 2 bytes of integers and scales are more than 20 % of 64 + 32.
    assertThat(found.get("skipped").findValuesAsText("sentences"))
        .contains("quantize weights mixed budget 20 % calibrated on 256 of points.train");
    CommandLineRun wrong = CommandLineRun.of("compress", jar, "--search", "--by", "quantize int8");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.error()).contains("no --by");
  }

  @Test
  void trainWritesWhatWasLearnedBesideTheJar() throws IOException {
    Path jar = folder.resolve("Line.jar");
    Path file =
        model("compress Line { quantize weights bf16 require mse within 10, parameters <= 50 % }");
    CommandLineRun run = CommandLineRun.of("train", file, "-o", jar);
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(run.error()).contains("compression", "bf16", "before compression");
    Path learned = folder.resolve("Line-uncompressed.safetensors");
    Path whole = folder.resolve("Whole.jar");
    CommandLineRun built = CommandLineRun.of("build", file, "-o", whole, "--weights", learned);
    assertThat(built.code()).as(built.error()).isZero();
    assertThat(Files.size(whole)).isGreaterThan(Files.size(jar));
  }

  @Test
  void aSearchDrawsABarWhereAPersonWatches() {
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(error, true, StandardCharsets.UTF_8);
    try (SearchProgress progress = new SearchProgress(new Terminal(stream, stream), true, "ways")) {
      progress.trying("quantize int8", 3, 4);
    }
    assertThat(error.toString(StandardCharsets.UTF_8)).contains("ways", "100%", "4/4");
  }
}
