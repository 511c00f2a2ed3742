package org.modelc.benchmarks.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;

/** The rows' own side: every model checks, and small ones run through a process of their own. */
class ModelsTest {
  private static final Path MODELS = Path.of("models").toAbsolutePath();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-mlp", "mlp", "encoder", "train-cnn", "gpt", "gemm"})
  void modelsHaveNoErrors(String name) {
    assertThat(Compiler.check(ModelSource.read(MODELS.resolve(name + ".model")))).isEmpty();
  }

  /** The losses of the first steps from the same parameters are the same in each process. */
  @Test
  void anEngineAnswersFromAProcessOfItsOwn() throws Exception {
    Workload workload = Workload.of("train-mlp");
    Materials.make(new Materials.Source(MODELS, CompileOptions.defaults()), workload, folder);
    try (EngineProcess one = new EngineProcess(ModelcEngine.NAME, workload, 1, folder);
        EngineProcess two = new EngineProcess(ModelcEngine.NAME, workload, 2, folder)) {
      one.warm(0);
      assertThat(one.time(0)).isPositive();
      // Products forward, for the weights, and for the inputs of the second and third layer.
      double products = 2.0 * 128 * (2 * (784 * 512 + 512 * 256 + 256 * 10) + 512 * 256 + 256 * 10);
      assertThat(one.operations()).isBetween(products, 1.05 * products);
      assertThat(one.outcome()).hasSize(3).doesNotContain(Float.NaN).isEqualTo(two.outcome());
      // Ten classes, nothing learned yet.
      assertThat(one.outcome()[0]).isBetween(2f, 3f);
    }
  }

  /** Matrices of native code lie outside of the heap, as those of peers do. */
  @Test
  void aProductIsOfTheMatricesGiven() throws Exception {
    Workload workload = Workload.of("gemm-512");
    Materials.make(new Materials.Source(MODELS, CompileOptions.defaults()), workload, folder);
    Map<String, Object> inputs = new Materials(folder).inputs(workload);
    float[] a = (float[]) inputs.get("a");
    float[] b = (float[]) inputs.get("b");
    try (EngineProcess engine = new EngineProcess(ModelcEngine.NAME, workload, 1, folder)) {
      float[] product = engine.outcome();
      assertThat(product).hasSize(512 * 512);
      for (int element = 0; element < product.length; element += 4_099) {
        double sum = 0;
        for (int k = 0; k < 512; k++) {
          sum += (double) a[element / 512 * 512 + k] * b[k * 512 + element % 512];
        }
        assertThat((double) product[element]).isCloseTo(sum, within(1e-3));
      }
    }
  }
}
