package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Compiler;

/** The project that init makes is examples/library, which maven-plugin's tests build. */
class InitTest {
  @TempDir Path folder;

  private static void sameAsExample(Path project, String name) throws IOException {
    Path example = CommandLineRun.root().resolve("examples/library").resolve(name);
    assertThat(project.resolve(name)).hasSameBinaryContentAs(example);
  }

  @Test
  void projectIsTheTestedExampleWithItsOwnName() throws IOException {
    Path project = folder.resolve("My Model");
    CommandLineRun run = CommandLineRun.of("init", project, "--json");
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(JsonText.MAPPER.readTree(run.out()).get("files").size()).isEqualTo(5);
    sameAsExample(project, "src/main/model/iris.model");
    sameAsExample(project, "src/main/model/iris.csv");
    sameAsExample(project, "src/main/java/org/example/iris/Species.java");
    sameAsExample(project, "src/test/java/org/example/iris/SpeciesTest.java");
    String pom = Files.readString(project.resolve("pom.xml"));
    String example = Files.readString(CommandLineRun.root().resolve("examples/library/pom.xml"));
    assertThat(pom)
        .contains("<modelc.version>" + Compiler.version() + "</modelc.version>")
        .isEqualTo(example.replace("<artifactId>iris<", "<artifactId>my-model<"));
    assertThat(project.resolve(".gitignore")).hasContent("target/");
    CommandLineRun check = CommandLineRun.of("check", project.resolve("src/main/model/iris.model"));
    assertThat(check.code()).as(check.error()).isZero();
  }

  @Test
  void nothingIsWrittenOver() throws IOException {
    Path pom = Files.writeString(folder.resolve("pom.xml"), "mine");
    CommandLineRun run = CommandLineRun.of("init", folder);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.error()).contains("pom.xml exists already", "hint: name a new folder");
    assertThat(pom).hasContent("mine");
    assertThat(folder.resolve("src")).doesNotExist();
    Path file = Files.writeString(folder.resolve("file"), "a file");
    assertThat(CommandLineRun.of("init", file).error()).contains("is a file");
  }
}
