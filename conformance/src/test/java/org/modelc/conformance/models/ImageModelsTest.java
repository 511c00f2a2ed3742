package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainedModel;
import org.modelc.data.Readers;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec.SourceSpec;

/** The models of pictures. */
class ImageModelsTest {
  /** Classes of Fashion-MNIST. */
  private static final Map<Integer, String> SHOES = Map.of(7, "sneaker", 9, "ankle boot");

  @TempDir Path folder;

  @Test
  void digits() {
    TrainedModel trained = Models.meetsItsRequirements("digits");
    assertThat(trained.metrics().get("test").get("accuracy")).isGreaterThanOrEqualTo(0.985);
  }

  @Test
  void fashion() {
    TrainedModel trained = Models.meetsItsRequirements("fashion");
    assertThat(trained.metrics().get("test").get("accuracy")).isGreaterThanOrEqualTo(0.89);
  }

  @Test
  void imageFolder() throws IOException {
    ModelSource committed = Models.source("image-folder");
    writePictures(folder.resolve("pictures"));
    ModelSource source = ModelSource.of("image-folder.model", committed.text().text(), folder);
    TrainedModel trained = Models.train(source, Models.bytecode());
    assertThat(trained.requirements()).isNotEmpty().allMatch(requirement -> requirement.met());
    assertThat(trained.metrics().get("test").get("accuracy")).isGreaterThanOrEqualTo(0.93);
    assertThat(trained.metrics().get("test").get("loss")).isLessThan(Math.log(2));
  }

  /** One folder a class, PNG files in it. */
  static void writePictures(Path target) throws IOException {
    SourceSpec idx =
        new SourceSpec(
            "rows",
            "idx",
            Map.of("images", "train-images-idx3-ubyte.gz", "labels", "train-labels-idx1-ubyte.gz"),
            Map.of());
    Dataset clothes = Readers.open(idx, Models.folder().resolve("fashion"));
    ColumnBatch all = clothes.readAll(List.of("image", "label"));
    float[] pixels = (float[]) all.values("image");
    double[] labels = all.numbers("label");
    for (int row = 0; row < labels.length; row++) {
      String name = SHOES.get((int) labels[row]);
      if (name != null) {
        write(target.resolve(name).resolve(row + ".png"), pixels, row * 784);
      }
    }
  }

  private static void write(Path file, float[] pixels, int offset) throws IOException {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 784; i++) {
      image.getRaster().setSample(i % 28, i / 28, 0, (int) pixels[offset + i]);
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
