package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.CompressedModel;
import org.modelc.compiler.JarCompression;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.compress.CompressionTable.Quantity;
import org.modelc.compiler.jar.ModelArchive;

/** Pruning of trained models: what it saves and costs. */
class PruningTest {
  @TempDir static Path folder;
  private static ModelArchive digits;

  @BeforeAll
  static void trainDigits() {
    Path jar = folder.resolve("Digits.jar");
    TrainOptions options = TrainOptions.defaults().withCompile(compile());
    Models.train(Models.source("digits"), options).jar().write(jar, true);
    digits = ModelArchive.open(jar);
  }

  private static CompileOptions compile() {
    return CompileOptions.defaults().withBackend(Backend.NATIVE);
  }

  private static CompressedModel digits(String sentences) {
    JarCompression made =
        JarCompression.of(digits, sentences, Models.folder().resolve("digits"), compile());
    made.compressed().quantities().forEach(System.out::println);
    made.compressed().parameters().forEach(System.out::println);
    assertThat(made.compressed().requirements()).isNotEmpty().allMatch(each -> each.met());
    return made.compressed();
  }

  private static double share(CompressedModel compressed, String name) {
    Quantity found =
        compressed.quantities().stream()
            .filter(quantity -> quantity.name().equals(name))
            .findFirst()
            .orElseThrow();
    return found.after() / found.before();
  }

  @Test
  void aThirdOfTheChannelsOfDigits() {
    CompressedModel smaller =
        digits(
            """
            prune structured 0.33 over conv during 8 epochs
            require accuracy within 1 %, parameters <= 58 %
            """);
    // 64·9·(12 + 12·24) + 384·10 products become 64·9·(8 + 8·16) + 256·10: the image has 64 places,
    // and the head sees 4 × 4 of them.
    assertThat(share(smaller, "multiply-adds")).isEqualTo(80896 / 176640.0);
    assertThat(smaller.tensors().get("logits.dense.weight").shape()).isEqualTo(List.of(256, 10));
  }

  @Test
  void fourFifthsOfTheWeightsOfDigits() {
    CompressedModel sparse =
        digits("prune magnitude 0.8 during 40 epochs require accuracy within 1 %, jar <= 90 KB");
    long zeros = zeros(sparse, "logits.conv.weight", "logits.conv_2.weight", "logits.dense.weight");
    assertThat(zeros).isEqualTo(Math.round(0.8 * (12 * 9 + 24 * 12 * 9 + 384 * 10)));
  }

  @Test
  void twoOfFourWeightsOfDigits() {
    CompressedModel sparse =
        digits("prune 2:4 over conv_2, dense during 4 epochs require accuracy within 1 %");
    float[] head = (float[]) sparse.tensors().get("logits.dense.weight").array();
    for (int row = 0; row < 384; row += 4) {
      for (int digit = 0; digit < 10; digit++) {
        int left = 0;
        for (int i = 0; i < 4; i++) {
          left += head[(row + i) * 10 + digit] == 0 ? 0 : 1;
        }
        assertThat(left).isLessThanOrEqualTo(2);
      }
    }
    assertThat(zeros(sparse, "logits.conv_2.weight")).isGreaterThanOrEqualTo(24 * 12 * 9 / 2);
  }

  @Test
  void digitsWhoseWeightsLearnedToBeFourBits() {
    CompressedModel small =
        digits(
            "quantize weights int4 during 4 epochs require accuracy within 1 %, parameters <= 16 %");
    assertThat(small.tensors().get("logits.conv_2.weight").shape()).isEqualTo(List.of(24, 6, 3, 3));
  }

  private static long zeros(CompressedModel compressed, String... names) {
    long zeros = 0;
    for (String name : names) {
      for (float element : (float[]) compressed.tensors().get(name).array()) {
        zeros += element == 0 ? 1 : 0;
      }
    }
    return zeros;
  }
}
