package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that takes no more, in a process of its own: the shell's limit on a file's size stands for
 * it, which fails a write in the middle just as a full disk does.
 */
@DisabledOnOs(OS.WINDOWS)
class FullDiskTest {
  @TempDir Path folder;
  private Path file;
  private Path jar;

  private record Run(int code, String said) {}

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("points.csv"), "a,target\n1,1\n2,2\n3,3\n4,4\n");
    file =
        Files.writeString(
            folder.resolve("line.model"),
            """
            model Line {
                fn y(a: f32[B]) -> f32[B] {
                    param weight: f32[1] = zeros()
                    a * weight
                }
                export fn predict(a: f32[B]) -> (y: f32[B]) = (y: y(a))
                fn loss(a: f32[B], target: f32[B]) -> f32[B] = squared_error(y(a), target)
            }
            data points { rows = csv("points.csv") split 100% / 0% / 0% ordered }
            train Line on points {
                minimize loss with sgd(0.05)
                batch 4   epochs 20   checkpoint every 1 epochs
            }
            """);
    jar = folder.resolve("out/Line.jar");
  }

  /** Trains where no file may grow beyond so many blocks of 512 bytes (1,024 in some shells). */
  private Run train(int blocks, String... more) throws Exception {
    String command =
        "ulimit -f "
            + blocks
            + "; exec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -XX:-UsePerfData -cp '"
            + System.getProperty("java.class.path")
            + "' org.modelc.cli.Main train '"
            + file
            + "' -o '"
            + jar
            + "' "
            + String.join(" ", more);
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), said);
  }

  private List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".part"))
          .toList();
    }
  }

  @Test
  void theOldJarStaysAndNothingIsLeftHalfWritten() throws Exception {
    assertThat(CommandLineRun.of("train", file, "-o", jar, "--backend", "jvm").code()).isZero();
    byte[] before = Files.readAllBytes(jar);
    byte[] report = Files.readAllBytes(folder.resolve("out/Line-report.html"));
    // The jar with its runtime takes some 300 KB, a checkpoint some hundred bytes.
    Run run = train(100, "--backend", "jvm");
    assertThat(run.code()).as(run.said()).isEqualTo(1);
    assertThat(run.said())
        .contains("error: cannot write " + jar, "the old file is unchanged")
        .contains("go on with --resume")
        .doesNotContain("\tat ", "internal error");
    assertThat(jar).hasBinaryContent(before);
    assertThat(folder.resolve("out/Line-report.html")).hasBinaryContent(report);
    assertThat(leftovers()).isEmpty();
    // What was learned is in the checkpoint: with space again, nothing is learned anew.
    assertThat(folder.resolve("out/line.checkpoint")).exists();
    Files.delete(jar);
    CommandLineRun again =
        CommandLineRun.of("train", file, "-o", jar, "--backend", "jvm", "--resume");
    assertThat(again.code()).as(again.error()).isZero();
    assertThat(again.error()).contains("going on after epoch 20");
    assertThat(jar).hasBinaryContent(before);
  }

  @Test
  void aCheckpointThatCannotBeWrittenDoesNotEndTheTraining() throws Exception {
    Run run = train(0, "--backend", "jvm");
    assertThat(run.said())
        .contains("no checkpoint this time, the training goes on", "epoch 20/20")
        .doesNotContain("\tat ", "internal error");
    assertThat(run.code()).isEqualTo(1);
    assertThat(jar).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void nativeCodeThatCannotBeLinkedIsSaidBeforeTheTraining() throws Exception {
    Run run = train(0, "--backend", "native");
    assertThat(run.said())
        .contains("error: cannot link native code for ", "make room there", "--backend jvm")
        .doesNotContain("\tat ", "internal error", "epoch 1/20");
    assertThat(run.code()).isEqualTo(1);
    assertThat(jar).doesNotExist();
  }
}
