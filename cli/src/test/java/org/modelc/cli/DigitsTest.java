package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.testkit.JavaProcess;

/** The README's first command, shortened to four epochs, and what can be done with its jar. */
class DigitsTest {
  @TempDir static Path folder;

  private static CommandLineRun trained;
  private static Path jar;
  private static final Path FILE = CommandLineRun.root().resolve("models/digits/digits.model");

  @BeforeAll
  static void train() {
    jar = folder.resolve("Digits.jar");
    trained =
        CommandLineRun.of("train", FILE, "-o", jar, "--epochs", 4, "--json", "--log-every", 20);
  }

  @Test
  void trainTellsScriptsWhatWasPromised() throws IOException {
    JsonNode result = JsonText.MAPPER.readTree(trained.out());
    assertThat(result.get("model").asText()).isEqualTo("Digits");
    assertThat(result.get("jar").asText()).isEqualTo(jar.toString());
    double accuracy = result.get("metrics").get("test").get("accuracy").asDouble();
    double baseline = result.get("baselines").get("test").get("accuracy").asDouble();
    assertThat(accuracy).isGreaterThan(3 * baseline);
    assertThat(result.get("requirements").get(0).get("name").asText()).isEqualTo("accuracy");
    assertThat(result.get("seconds").get("train").asDouble()).isPositive();
    assertThat(result.get("samples_per_second").asDouble()).isPositive();
    assertThat(result.get("peak_bytes").asLong()).isPositive();
    assertThat(Path.of(result.get("report").asText())).exists();
    boolean met = result.get("requirements").get(0).get("met").asBoolean();
    assertThat(trained.code()).isEqualTo(met ? 0 : 1);
  }

  @Test
  void progressNamesEpochsAndRunningLoss() {
    assertThat(trained.error()).contains("epoch 4/4: loss", "step 20: running loss", "rows/s");
  }

  @Test
  void reportHasItsCurvesAndNoSecrets() throws IOException {
    String page = Files.readString(folder.resolve("Digits-report.html"));
    assertThat(page).contains("\"gradientNorms\":{\"logits.conv\"", "\"confusion\":{", "Chart.js");
    assertThat(page).doesNotContain(CommandLineRun.root().toString());
  }

  @Test
  void predictAgreesWithEval() throws IOException {
    Path csv = FILE.resolveSibling("digits.csv");
    CommandLineRun predicted = CommandLineRun.of("predict", jar, "--input", csv, "--json");
    JsonNode rows = JsonText.MAPPER.readTree(predicted.out());
    List<String> lines = Files.readAllLines(csv);
    int right = 0;
    for (int i = 0; i < rows.size(); i++) {
      String line = lines.get(i + 1);
      double label = Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
      right += rows.get(i).get("digit").asInt() == label ? 1 : 0;
    }
    JsonNode eval =
        JsonText.MAPPER.readTree(CommandLineRun.of("eval", jar, "--data", csv, "--json").out());
    assertThat(rows).hasSize(lines.size() - 1);
    assertThat(eval.get("metrics").get("test").get("accuracy").asDouble())
        .isEqualTo((double) right / rows.size());
  }

  @Test
  void exampleRunsWithNothingButTheJar() throws Exception {
    Path example =
        CommandLineRun.root().resolve("examples/src/main/java/examples/RecognizeDigit.java");
    Path classes = Files.createDirectories(folder.resolve("classes"));
    JavaProcess.compile(example, jar, classes);
    String classPath = jar + System.getProperty("path.separator") + classes;
    assertThat(JavaProcess.of("-cp", classPath, "examples.RecognizeDigit").output())
        .matches("digit \\d with probability [01]\\.\\d{3}\\R");
  }

  @Test
  void inspectShowsEveryStage() {
    for (String stage :
        List.of("ast", "graph", "optimized", "passes", "kernels", "java", "cuda", "memory")) {
      CommandLineRun run =
          CommandLineRun.of("inspect", jar, "--stage", stage, "--function", "predict");
      assertThat(run.code()).as(run.error()).isZero();
      assertThat(run.out()).as(stage).isNotBlank();
    }
    CommandLineRun java =
        CommandLineRun.of("inspect", jar, "--stage", "java", "--function", "predict");
    assertThat(java.out()).contains("extends CompiledProgram");
  }

  @Test
  void profileTellsOfEachKernel() throws IOException {
    CommandLineRun run = CommandLineRun.of("bench", jar, "--profile", "--batch", 3, "--json");
    JsonNode result = JsonText.MAPPER.readTree(run.out());
    JsonNode kernels = result.get("kernels");
    assertThat(kernels.size()).as(run.error()).isGreaterThan(2);
    long flops = 0;
    for (JsonNode kernel : kernels) {
      assertThat(kernel.get("kernel").asText()).isNotBlank();
      assertThat(kernel.get("ns").asDouble()).isPositive();
      assertThat(kernel.get("bytes").asLong()).isPositive();
      assertThat(kernel.get("percentOfPeak").asDouble()).isBetween(0.0, 150.0);
      flops += kernel.get("flops").asLong();
    }
    // The last layer alone takes 2 · 3 · 10 multiply-adds for each number it reads.
    assertThat(flops).isGreaterThan(3 * 1000);
    CommandLineRun table = CommandLineRun.of("bench", jar, "--profile");
    assertThat(table.out()).contains("kernel", "ns", "bytes", "FLOPs", "% peak");
  }

  @Test
  void profileOfNativeCodeTellsOfEachPhase() throws IOException {
    CommandLineRun run =
        CommandLineRun.of(
            "bench", FILE, "--backend", "native", "--profile", "--threads", 2, "--json");
    JsonNode kernels = JsonText.MAPPER.readTree(run.out()).get("kernels");
    assertThat(kernels.size()).as(run.error()).isGreaterThan(2);
    for (JsonNode kernel : kernels) {
      assertThat(kernel.get("ns").asDouble()).as(kernel.toString()).isPositive();
      assertThat(kernel.get("waitNs").asDouble()).as(kernel.toString()).isNotNegative();
      assertThat(kernel.get("percentOfPeak").asDouble()).as(kernel.toString()).isLessThan(150);
    }
  }

  @Test
  void evalTellsScriptsWhatTrainTells() throws IOException {
    CommandLineRun run = CommandLineRun.of("eval", jar, "--data", FILE.getParent(), "--json");
    JsonNode result = JsonText.MAPPER.readTree(run.out());
    JsonNode train = JsonText.MAPPER.readTree(trained.out());
    for (String field :
        List.of("model", "jar", "metrics", "baselines", "requirements", "samples_per_second")) {
      assertThat(result.has(field)).as(field).isTrue();
    }
    assertThat(result.get("metrics").get("test")).isEqualTo(train.get("metrics").get("test"));
    assertThat(result.get("baselines").get("test")).isEqualTo(train.get("baselines").get("test"));
    assertThat(result.get("requirements")).isEqualTo(train.get("requirements"));
    assertThat(result.get("peak_bytes").asLong()).isPositive();
    assertThat(result.get("report").asText()).endsWith("Digits-report.html");
    assertThat(result.get("seconds").get("train").isNumber()).isTrue();
  }

  @Test
  void sessionCallsAllocateNothing() throws IOException {
    CommandLineRun run = CommandLineRun.of("bench", jar, "--json");
    JsonNode result = JsonText.MAPPER.readTree(run.out());
    assertThat(result.get("allocated_bytes_per_call").asDouble()).isZero();
    assertThat(result.get("median_us").asDouble()).isPositive();
  }
}
