package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.testkit.JavaProcess;

/** Rows that would take more memory than the process has. */
class LargeDataTest {
  private static final int COLUMNS = 60;
  private static final int ROWS = 400_000;

  @TempDir static Path folder;

  /** 400,000 rows of 60 numbers and their sum: 195 MB as doubles, in a heap of 150. */
  @BeforeAll
  static void write() throws IOException {
    Random random = new Random(7);
    try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("large.csv"))) {
      for (int i = 0; i < COLUMNS; i++) {
        out.write("x" + i + ",");
      }
      out.write("total\n");
      for (int row = 0; row < ROWS; row++) {
        int total = 0;
        for (int i = 0; i < COLUMNS; i++) {
          int value = random.nextInt(10);
          total += value;
          out.write((char) ('0' + value));
          out.write(',');
        }
        out.write(total + "\n");
      }
    }
  }

  private static JavaProcess.End train(String options) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("large.model"),
            """
            model Large {
                input x = standardized(columns("x*"))
                fn y(x: f32[B, F]) -> f32[B] = x |> dense(1) |> squeeze(-1)
                export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
                fn loss(x: f32[B, F], wanted: f32[B]) -> f32[B] = squared_error(y(x), wanted)
            }
            data large { rows = csv("large.csv"%s)  wanted = total / 100  split 98%% / 0%% / 2%% random seed 1 }
            train Large on large {
                minimize loss with adam(2e-2)  batch 1024  epochs 1
                measure r2(predict.y, wanted)  require r2 >= 0.9
            }
            """
                .formatted(options));
    return JavaProcess.of(
            "-Xmx150m",
            "-XX:+UseG1GC",
            "-cp",
            System.getProperty("java.class.path"),
            "org.modelc.cli.Main",
            "train",
            file,
            "--backend",
            "jvm",
            "-o",
            folder.resolve("Large.jar"))
        .run();
  }

  @Test
  void rowsBeyondMemoryAreReadWhereTheyLie() throws Exception {
    JavaProcess.End run = train("");
    assertThat(run.status()).as(run.said()).isZero();
    assertThat(run.said()).contains("training: 392000 rows");
  }

  @Test
  void memoryThatIsAskedForAndNotThereIsToldInOneLine() throws Exception {
    JavaProcess.End run = train(", memory: 4000");
    assertThat(run.status()).as(run.said()).isEqualTo(1);
    assertThat(run.said())
        .contains("error: out of memory at 150 MB of heap", "MODELC_JAVA_OPTIONS=-Xmx8g")
        .doesNotContain("\tat ");
  }
}
