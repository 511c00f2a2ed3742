package org.modelc.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.ir.graph.Graph;

/** Models of {@code benchmarks/} as graphs, with rows of data where their files name one. */
public enum BenchmarkGraphs {
  GPT("gpt", ""),
  CNN("train-cnn", ""),
  /** With a training, which its file has not: each word is to be found among the features. */
  ENCODER(
      "encoder",
      """
          fn loss(ids: i32[B, context], kinds: i32[B, context], mask: bool[B, context], next: i32[B, context]) -> f32[B, context] =
              cross_entropy(encode(ids, kinds, mask).hidden, next)
      }
      data words { train = jsonl("rows.jsonl") }
      train Encoder on words {
          minimize loss with adam(1e-3)
          batch 2
          epochs 1
          seed 1
      }
      """);

  private static final int ROWS = 12;

  private final String file;
  private final String training;

  BenchmarkGraphs(String file, String training) {
    this.file = file;
    this.training = training;
  }

  /** Where the project lies. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("models/digits"))) {
      here = here.getParent();
    }
    return here;
  }

  /** The graphs of a model's programs by name. */
  static Map<String, Graph> of(ModelSource source) {
    Map<String, Graph> graphs = new HashMap<>();
    for (ProgramStages stages :
        Compiler.compile(source, CompileOptions.defaults().withBackend(Backend.JVM)).stages()) {
      graphs.put(stages.name(), stages.graph());
    }
    return graphs;
  }

  /**
   * The graphs of this model's programs.
   *
   * @param folder where its rows of data go
   * @param changes pieces of its text with what stands in their place, such as smaller sizes
   */
  Map<String, Graph> graphs(Path folder, Map<String, String> changes) throws IOException {
    return of(source(folder, changes));
  }

  /** The model's file with changes. */
  public ModelSource source(Path folder, Map<String, String> changes) throws IOException {
    String text = Files.readString(root().resolve("benchmarks/models/" + file + ".model"));
    for (Map.Entry<String, String> change : changes.entrySet()) {
      if (!text.contains(change.getKey())) {
        throw new IllegalArgumentException(file + " has no " + change.getKey());
      }
      text = text.replace(change.getKey(), change.getValue());
    }
    if (!training.isEmpty()) {
      text = text.substring(0, text.lastIndexOf('}')) + training;
    }
    Path own = Files.createTempDirectory(folder, file);
    StringBuilder rows = new StringBuilder();
    for (int row = 1; row <= ROWS; row++) {
      rows.append(row(text, row));
    }
    Files.writeString(own.resolve("rows.jsonl"), rows);
    return ModelSource.of(file + ".model", text, own);
  }

  /** A line of JSON: what the losses of these models ask for. */
  private String row(String text, int seed) {
    List<String> fields = new ArrayList<>();
    if (this == CNN) {
      double[] pixels = new Random(seed).doubles(28 * 28).toArray();
      String image =
          IntStream.range(0, 28)
              .mapToObj(i -> Arrays.toString(Arrays.copyOfRange(pixels, 28 * i, 28 * (i + 1))))
              .collect(Collectors.joining(", "));
      fields.add("\"x\": [[" + image + "]]");
      fields.add("\"label\": 3");
    } else {
      int words = Integer.parseInt(text.replaceFirst("(?s).*context: int = (\\d+).*", "$1"));
      String numbers = Arrays.toString(new Random(seed).ints(words, 0, 40).toArray());
      fields.add("\"ids\": " + numbers);
      fields.add("\"next\": " + numbers);
      fields.add("\"kinds\": " + Arrays.toString(new int[words]));
      fields.add("\"mask\": " + Arrays.toString(new boolean[words]));
    }
    return "{" + String.join(", ", fields) + "}\n";
  }
}
