package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs and results of 16 bits are filled from columns and written as numbers. */
class HalfInputsTest {
  @TempDir Path folder;

  /** A weight that begins with 1, and has nothing to learn: 2049 has 12 bits, 0.1 has many. */
  @ParameterizedTest
  @ValueSource(strings = {"f16", "bf16"})
  void columnsAreRounded(String dtype) throws IOException {
    Files.writeString(folder.resolve("points.csv"), "a,y\n0,0\n1,1\n2,2\n3,3\n4,4\n5,5\n");
    Path file = folder.resolve("half.model");
    Files.writeString(
        file,
        """
        model Half {
            param w: f32[] = constant(1)
            fn of(a: D[B]) -> f32[B] = f32(a) * w
            export fn predict(a: D[B]) -> (y: D[B], wide: f32[B]) = (y: D(of(a) * 1.5), wide: of(a))
            fn loss(a: D[B], y: f32[B]) -> f32[B] = squared_error(of(a), y)
        }
        data points { rows = csv("points.csv") split 70% / 0% / 30% ordered }
        train Half on points { minimize loss with sgd(0.001) batch 2 epochs 1 measure mse(predict.wide, y) }
        """
            .replace("D[", dtype + "[")
            .replace("D(", dtype + "("));
    Path jar = folder.resolve("Half.jar");
    CommandLineRun train = CommandLineRun.of("train", file, "-o", jar);
    assertThat(train.code()).as(train.error()).isZero();
    Path rows = folder.resolve("rows.json");
    Files.writeString(rows, "[{\"a\": 2049}, {\"a\": 0.1}]");
    CommandLineRun run = CommandLineRun.of("predict", jar, "--input", rows);
    assertThat(run.code()).as(run.error()).isZero();
    JsonNode found = JsonText.MAPPER.readTree(run.out());
    boolean isBrain = dtype.equals("bf16");
    assertThat(found.get(0).get("wide").asDouble()).isEqualTo(2048);
    assertThat(found.get(0).get("y").asDouble()).isEqualTo(3072);
    double tenth = isBrain ? 0.10009765625 : 0.0999755859375;
    assertThat(found.get(1).get("wide").floatValue()).isEqualTo((float) tenth);
    assertThat(found.get(1).get("y").floatValue())
        .isEqualTo(isBrain ? 0.150390625f : 0.14990234375f);
  }
}
