package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mistake of modelc's own: exit code 70, and a dump that holds all a developer needs. */
class DefectTest {
  @TempDir Path folder;

  private Path model() throws IOException {
    return Files.writeString(
        folder.resolve("m.model"),
        "model M {\n    export fn f(x: f32[B, 3]) -> f32[B, 3] = broken_for_test(x) + 1\n}\n");
  }

  @Test
  void dumpNamesThePassAndHoldsItsProgram() throws IOException {
    Path jar = folder.resolve("M.jar");
    CommandLineRun run = CommandLineRun.of("build", model(), "-o", jar);
    assertThat(run.code()).isEqualTo(70);
    assertThat(run.out()).isEmpty();
    assertThat(run.error())
        .contains("internal error", "'lower'", "seven is not even", "Please report it")
        .doesNotContain("\tat ");
    Matcher name = Pattern.compile("with the file (.+\\.txt)").matcher(run.error());
    assertThat(name.find()).isTrue();
    Path dump = Path.of(name.group(1));
    try {
      assertThat(dump)
          .content()
          .contains("modelc " + Version.text() + " build", "java.version = ", "\tat org.modelc.")
          .contains("// pass: lower", "// pipeline before it: ", "broken_for_test(%x)");
    } finally {
      Files.delete(dump);
    }
    assertThat(jar).doesNotExist();
  }

  @Test
  void scriptsFindTheDumpInTheObject() throws IOException {
    CommandLineRun run =
        CommandLineRun.of("build", model(), "-o", folder.resolve("M.jar"), "--json");
    assertThat(run.code()).isEqualTo(70);
    Path dump = Path.of(JsonText.MAPPER.readTree(run.out()).get("dump").asText());
    assertThat(dump).content().contains("seven is not even");
    Files.delete(dump);
  }
}
