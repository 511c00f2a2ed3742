package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;

/**
 * Generated methods stay below the size from which HotSpot interprets them for ever, a hundred
 * times slower (its flag HugeMethodLimit), and far from what a class file can hold.
 */
class MethodSizesTest {
  private static final int COMPILED = 8_000;
  private static final int FAR_BELOW_POOL = 65_535 / 2;

  @TempDir Path folder;

  static List<String> models() throws IOException {
    try (Stream<Path> folders = Files.list(Models.folder())) {
      return folders
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModel(String name) throws IOException {
    ModelSource source = Models.source(name);
    if (name.equals("image-folder")) { // Its pictures are made, not committed.
      ImageModelsTest.writePictures(folder.resolve("pictures"));
      source = ModelSource.of("image-folder.model", source.text().text(), folder);
    }
    assertSmall(Compiler.compile(source, CompileOptions.defaults()));
  }

  /** About as many kernels as large networks have. */
  @Test
  void aDeepModel() throws IOException {
    assertSmall(compiled(deep(300), false));
  }

  @Test
  void aDeepModelThatIsTrained() throws IOException {
    assertSmall(compiled(deep(60), true));
  }

  /** One layer of many small results that are all computed together: large kernels. */
  @Test
  void longExpressions() throws IOException {
    StringBuilder sum = new StringBuilder("x");
    for (int i = 1; i <= 300; i++) {
      sum.append(i % 3 == 0 ? " * tanh(x + " : i % 3 == 1 ? " + exp(x * " : " - sigmoid(x * ");
      sum.append(i / 512.0).append(')');
    }
    assertSmall(
        compiled("    fn logits(x: f32[B, 4]) -> f32[B] = sum(" + sum + ", axes: [-1])\n", true));
  }

  private static String deep(int layers) {
    StringBuilder text = new StringBuilder("    fn logits(x: f32[B, 4]) -> f32[B] {\n");
    String from = "x";
    for (int i = 0; i < layers; i++) {
      text.append("        let h").append(i).append(" = ").append(from).append(" |> dense(8) |> ");
      text.append(i % 2 == 0 ? "relu" : "tanh").append('\n');
      from = "h" + i;
    }
    return text.append("        " + from + " |> dense(1) |> squeeze(-1)\n    }\n").toString();
  }

  private Compilation compiled(String logits, boolean trained) throws IOException {
    Files.writeString(folder.resolve("rows.csv"), "x_1,x_2,x_3,x_4,y\n" + "1,2,3,4,5\n".repeat(10));
    String text =
        "model Deep {\n"
            + (trained ? "    input x = columns(\"x_*\") as f32[4]\n" : "")
            + logits
            + "    export fn predict(x: f32[B, 4]) -> (y: f32[B]) = (y: logits(x))\n"
            + "    fn loss(x: f32[B, 4], y: f32[B]) -> f32[B] = squared_error(logits(x), y)\n"
            + "}\n";
    String recipe =
        "data rows { rows = csv(\"rows.csv\") split 60% / 20% / 20% seed 1 }\n"
            + "train Deep on rows {\n"
            + "    minimize loss with adam(1e-3)\n"
            + "    batch 2\n    epochs 1\n    seed 1\n"
            + "}\n";
    return Compiler.compile(
        ModelSource.of("deep.model", trained ? text + recipe : text, folder),
        CompileOptions.defaults());
  }

  private static void assertSmall(Compilation compilation) {
    Map<String, byte[]> classes = compilation.programs().classes();
    assertThat(classes).isNotEmpty();
    List<String> large = new ArrayList<>();
    int largest = 0;
    for (Map.Entry<String, byte[]> each : classes.entrySet()) {
      ClassFileSizes sizes = ClassFileSizes.of(each.getValue());
      assertThat(sizes.constants()).as(each.getKey()).isLessThan(FAR_BELOW_POOL);
      for (Map.Entry<String, Integer> method : sizes.methods().entrySet()) {
        largest = Math.max(largest, method.getValue());
        if (method.getValue() >= COMPILED) {
          large.add(each.getKey() + "." + method.getKey() + ": " + method.getValue() + " bytes");
        }
      }
    }
    assertThat(largest).as("bytes of the largest method").isPositive();
    assertThat(large).as("methods that HotSpot will not compile").isEmpty();
    System.out.println(compilation.model().name() + ": largest method " + largest + " bytes");
  }
}
