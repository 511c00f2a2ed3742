package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build --tune} and {@code --schedules}. */
class TuneTest {
  @TempDir Path folder;
  private Path model;
  private Path schedules;

  @BeforeEach
  void write() throws IOException {
    schedules = folder.resolve("net.schedules.json");
    model =
        Files.writeString(
            folder.resolve("net.model"),
            """
            model Net {
                export fn predict(x: f32[B, 300]) -> (y: f32[B, 96]) = (y: x |> dense(96))
            }
            """);
  }

  private CommandLineRun build(String jar, Object... more) {
    Object[] all = new Object[4 + more.length];
    System.arraycopy(new Object[] {"build", model, "-o", folder.resolve(jar)}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    return CommandLineRun.of(all);
  }

  @Test
  void aTunedBuildIsTheOneThatTakesTheFile() throws IOException {
    CommandLineRun tuned =
        build("a.jar", "--tune", schedules, "--tune-dims", "B=16", "--tune-seconds", 1, "--json");
    assertThat(tuned.code()).as(tuned.error()).isZero();
    assertThat(tuned.error()).contains("trying 1 of 8: tileRows", "trying 8 of 8: comparison");
    JsonNode written = JsonText.MAPPER.readTree(schedules.toFile());
    assertThat(written.get("format").asInt()).isEqualTo(1);
    JsonNode told = JsonText.MAPPER.readTree(tuned.out()).get("tuned");
    assertThat(told.size()).isEqualTo(written.get("schedules").size());
    CommandLineRun taken = build("b.jar", "--schedules", schedules);
    assertThat(taken.code()).as(taken.error()).isZero();
    assertThat(taken.error()).doesNotContain("warning");
    assertThat(folder.resolve("b.jar")).hasSameBinaryContentAs(folder.resolve("a.jar"));
  }

  @Test
  void aFileOfAnotherModelIsWarnedOf() throws IOException {
    Files.writeString(
        schedules,
        """
        {"format": 1, "schedules": [
          {"level": "x86-64-v2", "kernel": "f32 1 x 2 x 3", "knobs": {"tileRows": 4,
           "partSteps": 32, "blockTiles": 1, "packLeft": 0, "directTiles": 0, "fetchLines": 0,
           "fetchSteps": 0}, "gain": 1.1}]}
        """);
    CommandLineRun run = build("a.jar", "--schedules", schedules, "--platform", "linux-x86_64");
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(run.error()).contains("W605", ":2:36", "f32 1 x 2 x 3", "of another model");
  }

  @Test
  void benchTakesAFileToo() throws IOException {
    Files.writeString(schedules, "{\"format\": 1, \"schedules\": []}");
    CommandLineRun run = CommandLineRun.of("bench", model, "--schedules", schedules);
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(run.out()).contains("predict, batch 1");
    CommandLineRun jar = CommandLineRun.of("bench", "net.jar", "--schedules", schedules);
    assertThat(jar.code()).isEqualTo(2);
    assertThat(jar.error()).contains("a jar has those it was built with");
    Files.writeString(schedules, "[]");
    CommandLineRun bad = CommandLineRun.of("bench", model, "--schedules", schedules);
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.error()).contains("E602", ":1:1", "expected an object");
  }

  @Test
  void badFilesAreShownWithTheirLine() throws IOException {
    Files.writeString(schedules, "{\"format\": 1,\n\"schedules\": [}");
    CommandLineRun run = build("a.jar", "--schedules", schedules);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.error()).contains("E602", ":2:15", "no JSON").doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void whatDoesNotFitTogether() {
    CommandLineRun both = build("a.jar", "--schedules", schedules, "--tune", schedules);
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.error()).contains("give one");
    CommandLineRun alone = build("a.jar", "--tune-dims", "B=3");
    assertThat(alone.code()).isEqualTo(2);
    assertThat(alone.error()).contains("need --tune FILE");
    CommandLineRun none = build("a.jar", "--tune", schedules, "--tune-dims", "B=0");
    assertThat(none.code()).isEqualTo(2);
    CommandLineRun bytecode = build("a.jar", "--schedules", schedules, "--backend", "jvm");
    assertThat(bytecode.code()).isEqualTo(2);
    assertThat(bytecode.error()).contains("--schedules is for native code");
    CommandLineRun tuned = build("a.jar", "--tune", schedules, "--backend", "jvm");
    assertThat(tuned.code()).isEqualTo(2);
    assertThat(tuned.error()).contains("--tune is for native code");
    CommandLineRun missing = build("a.jar", "--schedules", schedules);
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.error()).contains("net.schedules.json cannot be read", "--tune FILE");
    CommandLineRun nowhere = build("a.jar", "--tune", folder.resolve("no/such/folder"));
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.error()).contains("cannot write the schedules to");
  }
}
