package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in a process of its own: checkpoint, exit code 130, and the same jar after going on. */
class InterruptionTest {
  private static final String[] BYTECODE = {"--backend", "jvm"};

  @TempDir Path folder;

  private Path model() throws IOException {
    StringBuilder rows = new StringBuilder("a,target\n");
    for (int i = 0; i < 40; i++) {
      rows.append(i).append(',').append((i * 7) % 11).append('\n');
    }
    Files.writeString(folder.resolve("points.csv"), rows);
    return Files.writeString(
        folder.resolve("line.model"),
        """
        model Line {
            input x = standardized(a)
            fn y(x: f32[B, F]) -> f32[B] = x |> dense(8) |> tanh |> dropout(0.1) |> dense(1) |> squeeze(-1)
            export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
            fn loss(x: f32[B, F], target: f32[B]) -> f32[B] = squared_error(y(x), target)
        }
        data points { rows = csv("points.csv") split 80% / 0% / 20% random seed 3 }
        train Line on points {
            minimize loss with adam(1e-3)
            batch 8   epochs 400   checkpoint every 2 epochs
            measure r2(predict.y, target)
        }
        """);
  }

  private static CommandLineRun train(Path file, Path jar, String... more) {
    List<Object> words = new ArrayList<>(List.of("train", file, "-o", jar));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray());
  }

  private static Process start(Path file, Path jar, String... more) throws Exception {
    List<String> command = new ArrayList<>(heedingInterrupts());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.modelc.cli.Main"));
    command.addAll(List.of("train", file.toString(), "-o", jar.toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /**
   * A build that a shell runs in the background ignores interrupts, and so do the processes that it
   * starts; GNU's env undoes that where it is there.
   */
  private static List<String> heedingInterrupts() throws Exception {
    List<String> env = List.of("env", "--default-signal=INT");
    List<String> attempt = new ArrayList<>(env);
    attempt.add("true");
    return new ProcessBuilder(attempt).start().waitFor() == 0 ? env : List.of();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void interruptedTrainingGoesOnToTheSameJar() throws Exception {
    Path file = model();
    Path whole = folder.resolve("whole/Line.jar");
    assertThat(train(file, whole).code()).isZero();

    Path jar = folder.resolve("parts/Line.jar");
    Process process = start(file, jar);
    String said = signalAfterFirstEpochs(process, "-INT");
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(130);
    assertThat(said).contains("go on with --resume").doesNotContain("\tat ");
    assertThat(folder.resolve("parts/line.checkpoint")).exists();
    assertThat(jar).doesNotExist();

    CommandLineRun rest = train(file, jar, "--resume");
    assertThat(rest.code()).as(rest.error()).isZero();
    assertThat(rest.error()).contains("going on after epoch");
    assertThat(jar).hasSameBinaryContentAs(whole);
    assertThat(folder.resolve("parts/line.checkpoint")).doesNotExist();
  }

  /**
   * Killed without a word: the last regular checkpoint is there, whole, and leads to the same jar.
   * As bytecode, since the test before this one has native code.
   */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void killedTrainingGoesOnToTheSameJar() throws Exception {
    Path file = model();
    Path whole = folder.resolve("whole/Line.jar");
    assertThat(train(file, whole, BYTECODE).code()).isZero();
    Path jar = folder.resolve("killed/Line.jar");
    Process process = start(file, jar, BYTECODE);
    String said = signalAfterFirstEpochs(process, "-KILL");
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(128 + 9);
    assertThat(jar).doesNotExist();
    assertThat(folder.resolve("killed/line.checkpoint")).exists();
    CommandLineRun rest = train(file, jar, "--resume", "--backend", "jvm");
    assertThat(rest.code()).as(rest.error()).isZero();
    assertThat(rest.error()).contains("going on after epoch");
    assertThat(jar).hasSameBinaryContentAs(whole);
  }

  private static String signalAfterFirstEpochs(Process process, String signal) throws Exception {
    StringBuilder said = new StringBuilder();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      boolean interrupted = false;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.append(line).append('\n');
        if (!interrupted && line.startsWith("epoch 5/")) {
          new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
          interrupted = true;
        }
      }
    }
    return said.toString();
  }
}
