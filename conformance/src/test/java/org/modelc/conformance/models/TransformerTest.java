package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainedModel;

/** A language model learns from a file, through the whole compiler. */
class TransformerTest {
  private static final int CONTEXT = 8;
  private static final int ROWS = 96;

  private static final String MODEL =
      """
      model Tiny(vocabulary: int = 5, context: int = 8, d: int = 16) {
          fn logits(ids: i32[B, T]) -> f32[B, T, vocabulary] = ids
              |> embedding(vocabulary, d) |> learned_position(context)
              |> decoder_block(d, 2) |> decoder_block(d, 2)
              |> layer_norm |> dense(vocabulary)
          fn loss(ids: i32[B, context], next: i32[B, context]) -> f32[B, context] = cross_entropy(logits(ids), next)
      }
      data words { train = jsonl("words.jsonl") }
      train Tiny on words { minimize loss with adam(1e-2) batch 16 epochs 10 seed 3 }
      """;

  @TempDir Path folder;

  /**
   * What follows depends on the two before it, as in 0 0 1 1 2 2 3 3 4 4: a model without attention
   * cannot tell the first of a pair from the second and stays at ln 2 or above.
   */
  @Test
  void learnsWhatFollowsFromWhatWasBefore() throws IOException {
    Files.writeString(
        folder.resolve("words.jsonl"),
        IntStream.range(0, ROWS).mapToObj(TransformerTest::row).collect(Collectors.joining()));
    ModelSource source = ModelSource.of("tiny.model", MODEL, folder);
    TrainedModel trained = Models.train(source, Models.bytecode());
    double first = trained.training().history().get(0).loss();
    double last = trained.training().history().get(9).loss();
    assertThat(first).isGreaterThan(Math.log(2));
    // Only the first place of a row is a guess: ln 2 / 8 = 0.087.
    assertThat(last).isLessThan(0.2);
  }

  private static String row(int row) {
    return "{\"ids\": " + words(row) + ", \"next\": " + words(row + 1) + "}\n";
  }

  private static String words(int from) {
    return IntStream.range(from, from + CONTEXT)
        .map(place -> place / 2 % 5)
        .boxed()
        .toList()
        .toString();
  }
}
