package org.modelc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.modelc.testkit.GoldenFile.Section;

/**
 * Checks golden files. The text of a stage may be accepted with {@code -Dbless=true}: the section
 * is then rewritten. {@code run} sections hold values; they name their source and are never
 * rewritten.
 */
public final class GoldenRunner {
  /** Whether differing text is written into the files. */
  public static final boolean BLESSING = Boolean.getBoolean("bless");

  private final Map<String, Stage> stages;
  private final RunSection run;

  /** Makes a section's text from a file's input. */
  @FunctionalInterface
  public interface Stage {
    String text(String input, String argument);
  }

  /**
   * @param stages by their names in head lines
   * @param executors what {@code run} sections are run on, by name
   */
  public GoldenRunner(Map<String, Stage> stages, Map<String, RunSection.Executor> executors) {
    this.stages = Map.copyOf(stages);
    this.run = new RunSection(executors);
  }

  /** A test for each golden file below a folder. */
  public List<DynamicTest> tests(Path folder) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files(folder)) {
      String name = folder.relativize(file).toString();
      tests.add(DynamicTest.dynamicTest(name, file.toUri(), () -> check(file)));
    }
    return tests;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".golden")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Checks one file, or blesses it. */
  public void check(Path path) {
    GoldenFile file = GoldenFile.read(path);
    GoldenFile actual = actual(file);
    if (BLESSING && !actual.equals(file)) {
      actual.write(path);
    } else {
      assertThat(actual.text())
          .as("%s (if the new text is right, accept it with -Dbless=true)", path)
          .isEqualTo(file.text());
    }
  }

  /** The file as it would be blessed; values that differ throw. */
  GoldenFile actual(GoldenFile file) {
    assertThat(file.sections()).as("sections").isNotEmpty();
    List<Section> sections = new ArrayList<>();
    for (Section section : file.sections()) {
      if (section.stage().equals("run")) {
        run.check(file.input(), section);
        sections.add(section);
      } else {
        sections.add(section.withBody(text(file, section)));
      }
    }
    return new GoldenFile(file.input(), sections);
  }

  private String text(GoldenFile file, Section section) {
    Stage stage = stages.get(section.stage());
    if (stage == null) {
      throw new AssertionError(
          "no stage '" + section.stage() + "' here; there are run, " + stages.keySet());
    }
    return stage.text(file.input(), section.argument()).stripTrailing() + "\n";
  }
}
