package org.modelc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;

class FolderSourceTest {
  @TempDir Path folder;

  @Test
  void classesAreFoldersInOrder() throws IOException {
    grey("b/10.png", 2, 1, 10, 20);
    grey("b/9.png", 2, 1, 30, 40);
    grey("a/x.png", 2, 1, 0, 255);
    Files.writeString(folder.resolve("a/notes.txt"), "no picture");
    Files.createDirectory(folder.resolve(".hidden"));
    Dataset data = open(Map.of("width", 2, "height", 1, "color", "grey"));
    assertThat(data.columns())
        .containsExactly(
            Column.tensor("image", DType.F32, List.of(1, 1, 2)),
            Column.text("label"),
            Column.text("file"));
    ColumnBatch all = data.read(new int[] {0, 1, 2});
    assertThat(all.texts("label")).containsExactly("a", "b", "b");
    assertThat(all.texts("file")).containsExactly("a/x.png", "b/9.png", "b/10.png");
    assertThat((float[]) all.values("image")).containsExactly(0, 255, 30, 40, 10, 20);
  }

  @Test
  void colorsBecomeChannelsOrGrey() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, new Color(10, 20, 30).getRGB());
    image.setRGB(1, 0, new Color(10, 20, 30, 0).getRGB());
    write("a/x.png", image, "png");
    Dataset rgb = open(Map.of("width", 2, "height", 1));
    assertThat(pixels(rgb)).containsExactly(10, 255, 20, 255, 30, 255);
    Dataset grey = open(Map.of("width", 2, "height", 1, "color", "grey"));
    // 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15
    assertThat(pixels(grey)).containsExactly(18, 255);
  }

  /** A picture of 4 × 2 pixels brought to 2 × 2; values by hand. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      stretch | 15 35 55 75
      cover   | 20 30 60 70
      fit     | 35 55  0  0
      """)
  void resizes(String way, String expected) throws IOException {
    grey("a/x.png", 4, 2, 10, 20, 30, 40, 50, 60, 70, 80);
    float[] actual = pixels(open(Map.of("size", 2, "color", "grey", "resize", way)));
    double[] wanted =
        Arrays.stream(expected.trim().split(" +")).mapToDouble(Double::parseDouble).toArray();
    for (int i = 0; i < 4; i++) {
      assertThat(actual[i]).isEqualTo((float) wanted[i]);
    }
  }

  @Test
  void growsByInterpolation() throws IOException {
    grey("a/x.png", 2, 1, 0, 100);
    assertThat(pixels(open(Map.of("width", 4, "height", 1, "color", "grey", "resize", "stretch"))))
        .containsExactly(0, 25, 75, 100);
  }

  @Test
  void readsJpeg() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, new Color(200, 100, 50).getRGB());
    }
    write("a/x.jpg", image, "jpg");
    float[] pixels = pixels(open(Map.of("size", 16)));
    assertThat(pixels[0]).isBetween(190f, 210f);
    assertThat(pixels[256]).isBetween(90f, 110f);
    assertThat(pixels[512]).isBetween(40f, 60f);
  }

  @Test
  void unreadableFilesAreListed() throws IOException {
    grey("a/good.png", 2, 2, 1, 2, 3, 4);
    Files.writeString(folder.resolve("a/empty.png"), "");
    byte[] good = Files.readAllBytes(folder.resolve("a/good.png"));
    Files.write(folder.resolve("a/short.png"), Arrays.copyOf(good, good.length / 2));
    assertThatThrownBy(() -> open(Map.of("size", 2)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("2 of 3 pictures cannot be read")
        .hasMessageContaining("empty.png")
        .hasMessageContaining("short.png");
    List<String> warnings = new ArrayList<>();
    Dataset data =
        Sources.open("folder", folder, Map.of("size", 2, "unreadable", "skip"), warnings);
    assertThat(data.size()).isEqualTo(1);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("short.png");
  }

  @Test
  void decodesAgainWhatMemoryDoesNotHold() throws IOException {
    for (int i = 0; i < 50; i++) {
      grey("a/" + i + ".png", 1, 1, i);
    }
    Dataset data = open(Map.of("size", 1, "color", "grey", "memory", 0));
    int[] rows = {49, 0, 25, 49};
    assertThat((float[]) data.read(rows, List.of("image")).values("image"))
        .containsExactly(49, 0, 25, 49);
  }

  @Test
  void tellsWhatIsWrong() throws IOException {
    assertFails(Map.of("size", 2), "no folders in it");
    Files.createDirectory(folder.resolve("a"));
    assertFails(Map.of("size", 2), "no pictures");
    grey("a/x.png", 1, 1, 3);
    assertFails(Map.of(), "needs the size");
    assertFails(Map.of("size", 2, "color", "gray"), "no color `gray`");
    assertFails(Map.of("size", 2, "resize", "crop"), "no way to resize `crop`");
    assertFails(Map.of("size", -1), "-1 × -1 pixels");
    assertFails(Map.of("size", 2, "colour", "grey"), "no setting `colour`");
  }

  private void assertFails(Map<String, Object> options, String message) {
    assertThatThrownBy(() -> open(options))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  private Dataset open(Map<String, Object> options) {
    return Sources.open("folder", folder, options);
  }

  private static float[] pixels(Dataset data) {
    return (float[]) data.read(new int[] {0}, List.of("image")).values("image");
  }

  private void grey(String name, int width, int height, int... values) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSamples(0, 0, width, height, 0, values);
    write(name, image, "png");
  }

  private void write(String name, BufferedImage image, String format) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
  }
}
