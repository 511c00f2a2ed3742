package org.modelc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;

/** A model of two scores of three numbers, whose predictions are found by hand. */
public final class AffineModel {
  public static final String TEXT =
      """
      model Affine() {
          fn both(x: f32[B, 3]) -> f32[B, 2] {
              param weight: f32[3, 2] = zeros()
              param bias: f32[2] = zeros()
              x @ weight + bias
          }
          export fn predict(x: f32[B, 3]) -> (score: f32[B, 2]) = (score: both(x))
      }
      """;

  private AffineModel() {}

  /** Writes the parameters into a folder. */
  public static Path writeWeights(Path folder) {
    Path file = folder.resolve("weights.safetensors");
    Tensor weight = new Tensor(DType.F32, List.of(3, 2), new float[] {1, 10, 2, 20, 3, 30});
    Tensor bias = new Tensor(DType.F32, List.of(2), new float[] {0.5f, -1});
    new Safetensors(Map.of("both.weight", weight, "both.bias", bias), Map.of()).write(file);
    return file;
  }

  /**
   * 1·1 + 2·2 + 3·3 + 0.5 = 14.5 and 10 + 40 + 90 − 1 = 139; zeros give the bias. Asked three
   * times, and once more with a row alone and the caller's own array.
   */
  public static void assertPredicts(Model model) {
    Frame frame = model.newSession().frame("predict");
    for (int call = 0; call < 3; call++) {
      frame.bind("x", new float[] {1, 2, 3, 0, 0, 0});
      frame.run();
      assertThat((float[]) frame.array("score")).containsExactly(14.5f, 139, 0.5f, -1);
    }
    float[] given = new float[2];
    frame.bind("x", new float[] {1, 0, 0});
    frame.bind("score", given);
    frame.run();
    assertThat(given).containsExactly(1.5f, 9);
  }
}
