package org.modelc.maven;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.FormatException;

/**
 * Figures that later builds are held against, one a line: {@code accuracy: 0.9333}. Meant to be
 * committed.
 *
 * @param figures values by name
 */
record Baseline(Map<String, Double> figures) {
  /** Nothing is stored. */
  static final Baseline NONE = new Baseline(Map.of());

  Baseline {
    figures = new LinkedHashMap<>(figures);
  }

  static Path file(Path folder, String model) {
    return folder.resolve(model + ".baseline");
  }

  /**
   * Reads a file; none has no figures.
   *
   * @throws FormatException with the line, if it is no such file
   */
  static Baseline read(Path file) {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (Files.isRegularFile(file)) {
      List<String> lines = KeptModel.lines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          add(file, i + 1, lines.get(i), figures);
        }
      }
    }
    return new Baseline(figures);
  }

  private static void add(Path file, int number, String line, Map<String, Double> figures) {
    int at = line.lastIndexOf(':');
    try {
      figures.put(line.substring(0, at).strip(), Double.valueOf(line.substring(at + 1).strip()));
    } catch (NumberFormatException | IndexOutOfBoundsException wrong) {
      throw new FormatException(
          file + ":[" + number + ",1] `" + line + "` is no figure",
          "lines look like `accuracy: 0.93`; -Dmodelc.updateBaseline writes the file anew",
          wrong);
    }
  }

  static Baseline of(List<Figure> figures) {
    Map<String, Double> values = new LinkedHashMap<>();
    figures.forEach(figure -> values.put(figure.name(), figure.is()));
    return new Baseline(values);
  }

  void write(Path file) {
    StringBuilder text = new StringBuilder();
    figures.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    KeptModel.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  boolean isEmpty() {
    return figures.isEmpty();
  }

  /** The stored figure; NaN if there is none. */
  double was(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }
}
