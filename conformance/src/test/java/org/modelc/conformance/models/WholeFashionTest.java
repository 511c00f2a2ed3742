package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.TrainedModel;

/** Fashion on all its pictures; apart from the other models, so that it runs beside them. */
class WholeFashionTest {
  /** As many steps as 96 epochs of the subset; four reach 0.913. */
  private static final int EPOCHS = 8;

  /** Debian's package dataset-fashion-mnist; elsewhere {@code -Dmodelc.fashion-mnist=FOLDER}. */
  @Test
  void fashionOnAllPictures() {
    Path all =
        Path.of(System.getProperty("modelc.fashion-mnist", "/usr/share/datasets/fashion-mnist"));
    assumeTrue(Files.isDirectory(all), "Fashion-MNIST is not installed in " + all);
    ModelSource subset = Models.source("fashion");
    ModelSource source = ModelSource.of("fashion.model", subset.text().text(), all);
    // Native code, which takes a fifth of the bytecode's time.
    CompileOptions options = CompileOptions.defaults().withBackend(Backend.NATIVE);
    TrainedModel trained =
        Models.train(source, TrainOptions.defaults().withCompile(options).withEpochs(EPOCHS));
    assertThat(trained.metrics().get("test").get("accuracy")).isGreaterThanOrEqualTo(0.915);
  }
}
