package org.modelc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code .golden} file: the input (a model or a graph as text), then sections, each headed by a
 * line {@code --- stage argument}.
 *
 * @param input everything before the first section
 * @param sections what is expected, in the file's order
 */
public record GoldenFile(String input, List<Section> sections) {
  private static final String HEAD = "--- ";

  public GoldenFile {
    sections = List.copyOf(sections);
  }

  /**
   * One expectation.
   *
   * @param stage what makes the text: {@code ir}, {@code kernel}, {@code java}, {@code error},
   *     {@code run}
   * @param argument the rest of the head line: a pass, a program, or a run's source
   * @param body the expected text
   */
  public record Section(String stage, String argument, String body) {
    Section withBody(String newBody) {
      return new Section(stage, argument, newBody);
    }

    String head() {
      return HEAD + (argument.isEmpty() ? stage : stage + " " + argument);
    }
  }

  public static GoldenFile read(Path path) {
    try {
      return parse(Files.readString(path, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GoldenFile parse(String text) {
    StringBuilder input = new StringBuilder();
    List<Section> sections = new ArrayList<>();
    StringBuilder current = input;
    List<StringBuilder> bodies = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith(HEAD)) {
        String[] head = line.substring(HEAD.length()).trim().split(" +", 2);
        sections.add(new Section(head[0], head.length > 1 ? head[1] : "", ""));
        current = new StringBuilder();
        bodies.add(current);
      } else {
        current.append(line).append('\n');
      }
    }
    for (int i = 0; i < sections.size(); i++) {
      sections.set(i, sections.get(i).withBody(bodies.get(i).toString()));
    }
    return new GoldenFile(input.toString(), sections);
  }

  /** The file's text. */
  public String text() {
    StringBuilder text = new StringBuilder(input);
    for (Section section : sections) {
      text.append(section.head()).append('\n').append(section.body());
    }
    return text.toString();
  }

  /** Writes the file, with its folders. */
  public void write(Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, text(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
