package org.modelc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.data.ArrayDataset;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.spec.TransformSpec;
import org.modelc.runtime.transform.Transforms;

class RawInputTest {
  @TempDir Path folder;

  private final Map<String, FittedTransform> fitted =
      Map.of(
          "features",
          Transforms.fit(
              new TransformSpec("columns", List.of("Age", "Home"), List.of(), Map.of()),
              ArrayDataset.builder()
                  .number("Age", new double[] {3})
                  .text("Home", new String[] {"rent"})
                  .build()));

  @Test
  void anObjectIsOneCaseAnArrayAreSeveral() throws IOException {
    RawInput one = read("x.json", "{\"Home\": null, \"Age\": 31, \"other\": [1]}");
    assertThat(one.single()).isTrue();
    assertThat(one.batch().numbers("Age")).containsExactly(31);
    RawInput two = read("x.json", "[{\"Age\": 31, \"Home\": \"rent\"}, {\"Home\": \"own\"}]");
    assertThat(two.single()).isFalse();
    assertThat(two.batch().numbers("Age")).containsExactly(31, Double.NaN);
    assertThat(two.batch().texts("Home")).containsExactly("rent", "own");
  }

  @Test
  void linesAndCsvAreSeveralCases() throws IOException {
    RawInput csv = read("x.csv", "Home,x,Age\nrent,,\n,1,4\n");
    assertThat(csv.single()).isFalse();
    assertThat(csv.batch().numbers("Age")).containsExactly(Double.NaN, 4);
    assertThat(csv.batch().texts("Home")).containsExactly("rent", null);
    RawInput lines = read("x.jsonl", "{\"Age\": 1, \"Home\": \"a\"}\n");
    assertThat(lines.single()).isFalse();
    assertThat(lines.batch().rows()).isEqualTo(1);
  }

  @Test
  void tellsWhatIsWrong() {
    assertFails("x.json", "{\"Agee\": 1, \"Home\": \"a\"}", "lacks the column `Age`");
    assertFails("x.json", "{}", "lacks 2 columns `Age`, `Home`");
    assertFails("x.json", "[]", "has no rows");
    assertFails("x.json", "[1]", "an object is wanted");
    assertFails("x.json", "", "there is no value");
    assertFails("x.json", "{\"Age\": 1} 2", "no valid JSON");
    assertFails("x.txt", "1", "of no known kind");
    assertFails("x.csv", "Age\n1\n", "lacks the column `Home`");
    assertFails("x.png", "no picture", "takes no picture");
  }

  @Test
  void aPictureFillsPixelColumns() throws IOException {
    // Columns in their own order of numbers; 4 × 2 pixels, brightness 0 to 16.
    Dataset training =
        ArrayDataset.builder()
            .number("p_1_0", new double[] {0})
            .number("p_1_1", new double[] {0})
            .number("p_0_0", new double[] {16})
            .number("p_0_1", new double[] {0})
            .build();
    TransformSpec pixels =
        new TransformSpec("columns", List.of("p_*"), List.of(), Map.of("pattern", true));
    TransformSpec reshaped =
        new TransformSpec(
            "reshaped", List.of(), List.of(pixels), Map.of("shape", List.of(1, 2, 2)));
    TransformSpec scaled =
        new TransformSpec("scaled", List.of(), List.of(reshaped), Map.of("divisor", 16));
    FittedTransform image = Transforms.fit(scaled, training);
    Path file = picture(0, 51, 102, 255);
    RawInput input = RawInput.read(file, function("image"), Map.of("image", image));
    assertThat(input.single()).isTrue();
    assertThat(input.batch().numbers("p_0_1")[0]).isEqualTo(51 * 16 / 255.0);
    assertThat(Transforms.apply(image, input.batch())).containsExactly(0, 51 / 255f, 102 / 255f, 1);
  }

  @Test
  void aPictureFillsATensorColumn() throws IOException {
    Dataset training =
        ArrayDataset.builder().tensor("photo", DType.F32, new float[4], List.of(1, 2, 2)).build();
    FittedTransform image =
        Transforms.fit(
            new TransformSpec("column", List.of("photo"), List.of(), Map.of()), training);
    RawInput input = RawInput.read(picture(1, 2, 3, 4), function("x"), Map.of("x", image));
    assertThat((float[]) input.batch().values("photo")).containsExactly(1, 2, 3, 4);
    TensorSpec direct =
        new TensorSpec(
            "x",
            DType.F32,
            List.of(Dim.symbol("B"), Dim.constant(1), Dim.constant(2), Dim.constant(2)),
            "");
    RawInput plain =
        RawInput.read(
            picture(1, 2, 3, 4),
            new FunctionSpec("predict", "", List.of(direct), List.of(), "predict"),
            Map.of());
    assertThat((float[]) plain.batch().values("x")).containsExactly(1, 2, 3, 4);
  }

  private Path picture(int... pixels) throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSamples(0, 0, 2, 2, 0, pixels);
    Path file = folder.resolve("x.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static FunctionSpec function(String input) {
    TensorSpec tensor = new TensorSpec(input, DType.F32, List.of(Dim.symbol("B")), "");
    return new FunctionSpec("predict", "", List.of(tensor), List.of(), "predict");
  }

  private RawInput read(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return RawInput.read(file, function("features"), fitted);
  }

  private void assertFails(String name, String text, String message) {
    assertThatThrownBy(() -> read(name, text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}
