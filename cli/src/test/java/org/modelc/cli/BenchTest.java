package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
  @TempDir Path folder;

  /** No input's length tells the two apart. */
  @Test
  void twoDimsOfOneInput() throws IOException {
    Path model =
        Files.writeString(
            folder.resolve("two.model"),
            """
            model Two {
                export fn predict(x: f32[B, T]) -> (y: f32[B, T]) = (y: relu(x))
            }
            """);
    CommandLineRun run = CommandLineRun.of("bench", model, "--batch", 3, "--json");
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(JsonText.MAPPER.readTree(run.out()).get("allocated_bytes_per_call").asDouble())
        .isZero();
  }
}
