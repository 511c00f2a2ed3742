package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.testkit.JavaProcess;

/** Every mistake of the user: an exit code, a message that names it, no stack trace. */
class BadInputTest {
  @TempDir Path folder;

  private static void isUserError(CommandLineRun run, String... parts) {
    assertThat(run.error()).contains(parts).doesNotContain("\tat ", "internal error");
    assertThat(run.code()).as(run.error()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
  }

  private Path model(String data) throws IOException {
    return Files.writeString(
        folder.resolve("line.model"),
        """
        model Line {
            input x = standardized(a)
            fn y(x: f32[B, F]) -> f32[B] {
                param weight: f32[F, 1] = zeros()
                squeeze(x @ weight, -1)
            }
            export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
            fn loss(x: f32[B, F], target: f32[B]) -> f32[B] = squared_error(y(x), target)
        }
        """
            + data
            + """

            train Line on points {
                minimize loss with sgd(0.1)
                batch 4   epochs 2
                measure r2(predict.y, target)
            }
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"init", "check", "train", "build", "eval", "predict", "inspect", "bench"})
  void everyCommandHelpsWithAnExample(String command) {
    CommandLineRun run = CommandLineRun.of(command, "--help");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Example: modelc " + command, "--json");
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(CommandLineRun.of().code()).isEqualTo(2);
    assertThat(CommandLineRun.of("teach").code()).isEqualTo(2);
    assertThat(CommandLineRun.of("train").code()).isEqualTo(2);
    assertThat(CommandLineRun.of("train", "x.model", "--epochs", "many").code()).isEqualTo(2);
    assertThat(CommandLineRun.of("predict", "x.jar").code()).isEqualTo(2);
    CommandLineRun negative = CommandLineRun.of("train", "x.model", "--epochs", "-3");
    assertThat(negative.code()).isEqualTo(2);
    assertThat(negative.error()).contains("--epochs is -3: give 1 or more", "Usage: modelc train");
    assertThat(CommandLineRun.of("train", "x.model", "--threads", "-1").code()).isEqualTo(2);
    assertThat(CommandLineRun.of("bench", "x.jar", "--batch", "0").code()).isEqualTo(2);
  }

  @Test
  void gpusAreNamedForCudaAlone() {
    for (String command : new String[] {"build", "train"}) {
      CommandLineRun run =
          CommandLineRun.of(command, "x.model", "--backend", "jvm", "--gpu", "sm_86");
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.error())
          .contains("--gpu names GPUs, and --backend jvm makes no code", "add --backend cuda")
          .contains("Usage: modelc " + command);
    }
  }

  @Test
  void diagnosticsOfCheckAreJson() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bad.model"),
            "model M {\n    fn f(x: f32[B]) -> f32[B] = rellu(x)\n}\n");
    CommandLineRun run = CommandLineRun.of("check", "--json", file);
    assertThat(run.code()).isEqualTo(1);
    JsonNode found = JsonText.MAPPER.readTree(run.out()).get("diagnostics").get(0);
    assertThat(found.get("code").asText()).isEqualTo("E101");
    assertThat(found.get("severity").asText()).isEqualTo("error");
    assertThat(found.get("line").asInt()).isEqualTo(2);
    assertThat(found.get("column").asInt()).isEqualTo(33);
    assertThat(found.get("hint").asText()).contains("relu");
  }

  @Test
  void scriptsFindEveryMistakeInTheObject() throws IOException {
    CommandLineRun run = CommandLineRun.of("eval", folder.resolve("none.jar"), "--json");
    assertThat(run.code()).isEqualTo(1);
    JsonNode told = JsonText.MAPPER.readTree(run.out()).get("diagnostics").get(0);
    assertThat(told.get("severity").asText()).isEqualTo("error");
    assertThat(told.get("message").asText()).contains("none.jar", "no such file");
    Path bad = Files.writeString(folder.resolve("bad.model"), "model M {");
    run = CommandLineRun.of("train", bad, "--json");
    assertThat(run.code()).isEqualTo(1);
    told = JsonText.MAPPER.readTree(run.out()).get("diagnostics").get(0);
    assertThat(told.get("file").asText()).endsWith("bad.model");
    assertThat(told.get("line").asInt()).isEqualTo(1);
  }

  @Test
  void missingAndForeignFilesAreNamed() throws IOException {
    Path missing = folder.resolve("none.model");
    isUserError(CommandLineRun.of("check", missing), "none.model", "no such file");
    isUserError(CommandLineRun.of("check", folder), "it is a folder");
    Path binary = Files.write(folder.resolve("b.model"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    isUserError(CommandLineRun.of("check", binary), "no UTF-8 text");
    isUserError(CommandLineRun.of("eval", folder.resolve("none.jar")), "no such file");
    isUserError(CommandLineRun.of("eval", binary), "holds no model");
  }

  @Test
  void dataThatCannotBeUsedIsNamed() throws IOException {
    Path file = model("data points { rows = csv(\"points.csv\") split 50% / 0% / 50% ordered }");
    isUserError(train(file), "points.csv");
    Files.writeString(folder.resolve("points.csv"), "a,target\n");
    isUserError(train(file), "points.csv", "no rows");
    Files.writeString(folder.resolve("points.csv"), "a,goal\n1,2\n2,3\n");
    isUserError(train(file), "`target`");
    Files.writeString(folder.resolve("points.csv"), "a,target\n1,2\n2,three\n");
    isUserError(train(file), "target");
  }

  @Test
  void labelsOutOfRangeAreNamedWithTheirRow() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("kind.model"),
            """
            model Kind {
                fn logits(a: f32[B]) -> f32[B, 3] = expand_dims(a, -1) |> dense(3)
                export fn predict(a: f32[B]) -> (kind: i32[B]) = (kind: argmax(logits(a), axis: -1))
                fn loss(a: f32[B], kind: i32[B]) -> f32[B] = cross_entropy(logits(a), kind)
            }
            data rows { rows = csv("rows.csv") split 100% / 0% / 0% ordered }
            train Kind on rows { minimize loss with sgd(0.1) batch 2 epochs 1 }
            """);
    Files.writeString(folder.resolve("rows.csv"), "a,kind\n1,0\n2,1\n3,3\n");
    CommandLineRun run = train(file, folder.resolve("Kind.jar"));
    isUserError(run, "`kind` is 3 in training row 3", "0 to 2", "3 classes");
    assertThat(folder.resolve("Kind.jar")).doesNotExist();
  }

  private CommandLineRun train(Path file) {
    return train(file, folder.resolve("out/Line.jar"));
  }

  /** As bytecode, which is compiled sooner: mistakes are found before there is any code. */
  private static CommandLineRun train(Path file, Path jar, String... more) {
    List<Object> words = new ArrayList<>(List.of("train", file, "-o", jar, "--backend", "jvm"));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray());
  }

  @Test
  void outputThatCannotBeWrittenIsSaidBeforeTraining() throws IOException {
    Path file = model("data points { rows = csv(\"points.csv\") split 50% / 0% / 50% ordered }");
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file");
    CommandLineRun run = CommandLineRun.of("train", file, "-o", blocked.resolve("Line.jar"));
    isUserError(run, "cannot write to", "no folder");
    isUserError(CommandLineRun.of("train", file, "-o", folder), "is a folder");
    assertThat(blocked).hasContent("a file");
  }

  /** A process without the modules of a JDK's tools stands for a JRE. */
  @Test
  void aJavaWithoutCompilerIsToldAndNoBugOfOurs() throws Exception {
    Path file = model("data points { rows = csv(\"points.csv\") split 50% / 0% / 50% ordered }");
    Files.writeString(folder.resolve("points.csv"), "a,target\n1,1\n2,2\n3,3\n4,4\n");
    JavaProcess.End end =
        JavaProcess.of(
                "--limit-modules",
                "java.se,jdk.unsupported,jdk.zipfs",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                file,
                "-o",
                folder.resolve("Line.jar"))
            .run();
    assertThat(end.said())
        .contains("error: this Java has no compiler: ", "hint: ", "not a JRE")
        .doesNotContain("\tat ", "internal error");
    assertThat(end.status()).isEqualTo(1);
  }

  @Test
  void requirementThatIsNotMetFailsAndLeavesTheJar() throws IOException {
    Path file = model("data points { rows = csv(\"points.csv\") split 50% / 0% / 50% ordered }");
    String text =
        Files.readString(file).replace("measure r2", "require r2 >= 0.99\n    measure r2");
    Files.writeString(file, text);
    Files.writeString(folder.resolve("points.csv"), "a,target\n1,5\n2,1\n3,5\n4,1\n5,5\n6,1\n");
    CommandLineRun run = train(file, folder.resolve("Line.jar"), "--json");
    assertThat(run.code()).as(run.error()).isEqualTo(1);
    JsonNode result = JsonText.MAPPER.readTree(run.out());
    assertThat(result.get("requirements").get(0).get("met").asBoolean()).isFalse();
    assertThat(folder.resolve("Line.jar")).exists();
    // The points have no slope to find: the best constant is as good, and that is said.
    assertThat(run.error()).contains("no better than the best constant predictor");
  }

  @Test
  void jarOfANewerFormatIsRefused() throws IOException {
    Path file = model("data points { rows = csv(\"points.csv\") split 50% / 0% / 50% ordered }");
    Files.writeString(folder.resolve("points.csv"), "a,target\n1,1\n2,2\n3,3\n4,4\n");
    Path jar = folder.resolve("Line.jar");
    assertThat(train(file, jar).code()).isZero();
    Path newer = folder.resolve("Newer.jar");
    JarEdit.replace(
        jar,
        newer,
        "META-INF/modelc/Line.json",
        text -> text.replaceFirst("\"format\": *1", "\"format\": 99"));
    isUserError(CommandLineRun.of("eval", newer), "format 99", "newer");
    Path damaged = folder.resolve("Damaged.jar");
    JarEdit.replace(jar, damaged, "META-INF/modelc/Line.model", text -> text + " ");
    isUserError(CommandLineRun.of("eval", damaged), "checksum");
    assertThat(List.of(jar, newer, damaged)).allSatisfy(each -> assertThat(each).exists());
  }

  @Test
  void whatPredictIsGivenIsChecked() throws IOException {
    Path file = model("data points { rows = csv(\"points.csv\") split 50% / 0% / 50% ordered }");
    Files.writeString(folder.resolve("points.csv"), "a,target\n1,1\n2,2\n3,3\n4,4\n");
    Path jar = folder.resolve("Line.jar");
    train(file, jar);
    Path object = Files.writeString(folder.resolve("one.json"), "{\"a\": 2.5}");
    CommandLineRun one = CommandLineRun.of("predict", jar, "--input", object, "--json");
    assertThat(JsonText.MAPPER.readTree(one.out()).get("y").isNumber()).isTrue();
    Path list = Files.writeString(folder.resolve("two.csv"), "a\n1\n2\n");
    CommandLineRun two = CommandLineRun.of("predict", jar, "--input", list);
    assertThat(JsonText.MAPPER.readTree(two.out())).hasSize(2);
    Path wrong = Files.writeString(folder.resolve("wrong.json"), "{\"b\": 2.5}");
    isUserError(CommandLineRun.of("predict", jar, "--input", wrong), "`a`");
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"a\": ");
    isUserError(CommandLineRun.of("predict", jar, "--input", broken), "broken.json");
    isUserError(
        CommandLineRun.of("predict", jar, "--input", object, "--function", "predikt"), "predict");
  }
}
